import { connect } from 'node:net'

// The yardstick, a process of its own: what comes goes back.
const socket = connect(Number(process.argv[2]), '127.0.0.1')
socket.setNoDelay(true)
socket.on('data', (bytes) => socket.write(bytes))
socket.on('close', () => process.exit())

import type { Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { Connection } from '../../src/gateway/connection.ts'
import type { CodeAction } from '../../src/gateway/errorCodes.ts'
import { hurriedClock } from '../support/hurriedClock.ts'
import { frame, HANDSHAKE, type ScriptedTws, scriptedTws, VERSION } from '../support/scriptedTws.ts'

const servers: ScriptedTws[] = []
const connections: Connection[] = []
afterEach(() => {
  for (const connection of connections.splice(0)) connection.close('the test is over')
  for (const server of servers.splice(0)) server.close()
})

interface Opened {
  readonly connection: Connection
  readonly server: ScriptedTws
  readonly notices: CodeAction[]
}

async function open(script: (socket: Socket) => void, hurry = 1): Promise<Opened> {
  const server = await scriptedTws(script)
  servers.push(server)
  const notices: CodeAction[] = []
  const deps = { machine: hurriedClock(hurry), onNotice: (action: CodeAction) => notices.push(action) }
  const address = { host: '127.0.0.1', port: server.port, clientId: 17 }
  const connection = await Connection.open(address, deps, new AbortController().signal)
  connections.push(connection)
  return { connection, server, notices }
}

const ended = (connection: Connection): Promise<string> =>
  new Promise((resolve) => {
    const tell = () => resolve(String(connection.ended.reason.message))
    if (connection.ended.aborted) tell()
    else connection.ended.addEventListener('abort', tell)
  })

const askTime = (connection: Connection) =>
  connection.ask({ deadlineMs: 60_000, send: (api) => api.reqCurrentTime(), receive: () => undefined })

test('a handshake makes a connection', async () => {
  const { connection } = await open((socket) => socket.write(HANDSHAKE))
  expect(connection.serverVersion).toBe(193)
  expect(connection.accounts).toEqual(['DU1234567'])
})

test('a handshake cut at any byte makes a connection', async () => {
  for (let cut = 1; cut < HANDSHAKE.length; cut++) {
    const { connection } = await open((socket) => {
      socket.setNoDelay(true)
      socket.write(HANDSHAKE.subarray(0, cut), () => socket.write(HANDSHAKE.subarray(cut)))
    })
    expect(connection.accounts).toHaveLength(1)
    connection.close('next')
  }
})

const SILENCES: [string, (socket: Socket) => void][] = [
  ['accepts and stays silent', () => {}],
  ['stops after its version', (socket) => socket.write(VERSION)],
  ['sends one byte and no more', (socket) => socket.write(HANDSHAKE.subarray(0, 1))],
]
for (const [title, script] of SILENCES) {
  test(`a TWS that ${title} is given up after 5 s`, async () => {
    await expect(open(script, 100)).rejects.toMatchObject({
      kind: 'unavailable',
      message: 'no handshake within 5 s',
    })
  })
}

test('a TWS that accepts and closes is no connection', async () => {
  await expect(open((socket) => socket.end())).rejects.toMatchObject({ kind: 'unavailable' })
})

test('nobody listening is no connection', async () => {
  const server = await scriptedTws(() => {})
  server.close()
  const address = { host: '127.0.0.1', port: server.port, clientId: 17 }
  const deps = { machine: hurriedClock(1), onNotice: () => {} }
  await expect(Connection.open(address, deps, new AbortController().signal)).rejects.toMatchObject({
    kind: 'unavailable',
  })
})

test('a handshake answered with garbage is refused', async () => {
  await expect(open((socket) => socket.write(frame('no version', 'at all')))).rejects.toMatchObject({
    kind: 'unavailable',
  })
})

test('a link that falls silent is noticed within 10 s', async () => {
  const factor = 20
  const { connection } = await open((socket) => socket.write(HANDSHAKE), factor)
  const before = Date.now()
  expect(await ended(connection)).toBe('TWS has fallen silent')
  expect((Date.now() - before) * factor).toBeLessThanOrEqual(10_500)
})

test('a TWS that answers its pings stays connected', async () => {
  const { connection, server } = await open((socket) => {
    socket.write(HANDSHAKE)
    socket.on('data', (data) => {
      if (data.includes('49\0')) socket.write(frame(49, 1, 1_780_000_000))
    })
  }, 100)
  await new Promise((resolve) => setTimeout(resolve, 400))
  expect(connection.ended.aborted).toBe(false)
  expect(server.received().split('49\0').length).toBeGreaterThan(5)
})

const BREAKERS: [string, Buffer][] = [
  ['a negative frame length', Buffer.from([0xff, 0xff, 0xff, 0xff, 1])],
  ['a length of zero', Buffer.from([0, 0, 0, 0, 1])],
  ['a giant frame', Buffer.from([0x7f, 0xff, 0xff, 0xff, 1])],
  ['a message about an order that ends too early', frame(11, -1, 5, 756_733, 'SPY')],
]
for (const [title, bytes] of BREAKERS) {
  test(`${title} ends the connection and rejects what waits`, async () => {
    const { connection } = await open((socket) => {
      socket.write(HANDSHAKE)
      socket.once('data', () => setTimeout(() => socket.write(bytes), 20))
    })
    await expect(askTime(connection)).rejects.toMatchObject({ kind: 'unavailable' })
    expect(connection.ended.aborted).toBe(true)
  })
}

test('a held client id is told as such', async () => {
  const notices: CodeAction[] = []
  const server = await scriptedTws((socket) => {
    socket.write(VERSION)
    socket.end(frame(4, 2, -1, 326, 'Unable to connect as the client id is already in use', ''))
  })
  servers.push(server)
  const deps = { machine: hurriedClock(1), onNotice: (action: CodeAction) => notices.push(action) }
  const address = { host: '127.0.0.1', port: server.port, clientId: 17 }
  const attempt = Connection.open(address, deps, new AbortController().signal)
  await expect(attempt).rejects.toThrow('326')
  expect(notices).toEqual([{ does: 'reconnect', afterMs: 10_000 }])
})

test('nothing asked after the end reaches the wire', async () => {
  const { connection, server } = await open((socket) => socket.write(HANDSHAKE))
  connection.close('over')
  const before = server.received()
  await expect(askTime(connection)).rejects.toThrow('over')
  expect(server.received()).toBe(before)
})

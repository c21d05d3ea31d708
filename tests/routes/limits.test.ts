import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, describe, expect, test } from 'vitest'
import { type Listening, listen } from '../../routes/serve.ts'
import type { StorageUse } from '../../src/ports/storage.ts'
import { appOf, depsOf, NOW, TOKEN } from '../openapi/memory.ts'
import { manualClock } from '../support/manualClock.ts'
import { heldMs, portOf, sendRaw } from './rawSocket.ts'

const { log } = depsOf()
const open: Listening[] = []
afterAll(() => Promise.all(open.map((server) => server.close())))

async function started(changed: Parameters<typeof appOf>[0] = {}): Promise<string> {
  const access = { openReads: true, hosts: ['127.0.0.1'] }
  const server = await listen({ app: appOf({ access, ...changed }), host: '127.0.0.1', port: 0, log })
  open.push(server)
  return server.address
}

const headersFor = (address: string, more: string): string =>
  `POST /v1/backfills HTTP/1.1\r\nHost: ${address}\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\n${more}\r\n\r\n`

const every = (ms: number, act: () => void, socket: Socket): void => {
  const timer = setInterval(act, ms)
  socket.once('close', () => clearInterval(timer))
}

/** Long enough that no buffer on the way takes all of it. */
const LONG: StorageUse = {
  ...{
    bytes: 0,
    seconds: { rows: 0, bytes: 0 },
    archived: { seconds: 0, days: 0, bytes: 0 },
    secondsPerDay: 0,
  },
  tables: Array.from({ length: 500_000 }, (_, i) => ({ name: `table number ${i}`, rows: 1, bytes: 1 })),
} as unknown as StorageUse

describe.concurrent('a slow client', () => {
  test('has five seconds for its headers', { timeout: 20_000 }, async () => {
    const address = await started()
    const ms = await heldMs(address, (socket) => {
      socket.resume()
      socket.write(`GET /v1/gateway HTTP/1.1\r\nHost: ${address}\r\n`)
      every(300, () => socket.write('X-Slow: 1\r\n'), socket)
    })
    expect(ms).toBeGreaterThan(4_000)
    expect(ms).toBeLessThan(9_000)
  })

  test('has fifteen seconds for a body', { timeout: 20_000 }, async () => {
    const machine = manualClock(NOW)
    const address = await started({ machine })
    const socket = connect(portOf(address), '127.0.0.1')
    socket.on('error', () => {})
    let isClosed = false
    socket.once('close', () => {
      isClosed = true
    })
    socket.write(headersFor(address, 'Content-Length: 1000'))
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    await machine.advance(14_900)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(isClosed).toBe(false)
    await machine.advance(200)
    await once(socket, 'close')
  })

  test('that takes nothing of its answer is let go after ten seconds', { timeout: 90_000 }, async () => {
    const address = await started({ storage: { use: async () => LONG } })
    let text = ''
    await heldMs(address, (socket) => {
      socket.write(`GET /v1/storage HTTP/1.1\r\nHost: ${address}\r\n\r\n`)
      socket.on('data', (chunk: Buffer) => {
        if (text === '') {
          socket.pause()
          setTimeout(() => socket.resume(), 13_000)
        }
        text += chunk.toString('latin1')
      })
    })
    const [, length] = /^content-length: (\d+)\r$/im.exec(text) ?? []
    expect(Number(length)).toBeGreaterThan(20_000_000)
    expect(text.length).toBeLessThan(Number(length))
  })
})

async function lifeOf(socket: Socket): Promise<number> {
  socket.on('error', () => {}).resume()
  const closed = once(socket, 'close')
  await once(socket, 'connect')
  const from = performance.now()
  await closed
  return performance.now() - from
}

test('a body that is longer than it may be is refused before it is sent', async () => {
  const address = await started()
  const answer = await sendRaw(address, headersFor(address, 'Content-Length: 65537'))
  expect(answer.statuses).toEqual([413])
})

test('a body that is longer than it says is cut there, and the rest is no request', async () => {
  const address = await started()
  const answer = await sendRaw(
    address,
    `${headersFor(address, 'Content-Length: 2')}{}${'x'.repeat(100)}\r\n\r\n`,
  )
  expect(answer.statuses.at(-1)).toBe(400)
  expect(answer.statuses.filter((status) => status < 400)).toEqual([])
  expect(answer.isClosed).toBe(true)
})

test('a body that is shorter than it says is waited for, and nothing is done', async () => {
  const address = await started()
  const answer = await sendRaw(address, `${headersFor(address, 'Content-Length: 200')}{}`, 500)
  expect(answer.statuses).toEqual([])
})

test('a compressed body is not unpacked', async () => {
  const address = await started()
  const answer = await sendRaw(
    address,
    `${headersFor(address, 'Content-Encoding: gzip\r\nContent-Length: 2')}{}`,
  )
  expect(answer.statuses).toEqual([415])
})

test('of 600 connections 512 are kept, and once they are gone others are served', {
  timeout: 30_000,
}, async () => {
  const address = await started()
  const sockets = Array.from({ length: 600 }, () => connect(portOf(address), '127.0.0.1'))
  // One that is kept and says nothing is closed after five seconds.
  const livedMs = await Promise.all(sockets.map(lifeOf))
  expect(livedMs.filter((ms) => ms < 3_000)).toHaveLength(88)
  const get = `GET /health/live HTTP/1.1\r\nHost: ${address}\r\nConnection: close\r\n\r\n`
  let answer = await sendRaw(address, get)
  while (answer.statuses.length === 0) answer = await sendRaw(address, get)
  expect(answer.statuses).toEqual([200])
})

import { once } from 'node:events'
import { get, type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { type Listening, listen } from '../../routes/serve.ts'
import { BarSeries } from '../../src/market/series.ts'
import { type EpochMs, plus, SECOND_MS } from '../../src/market/time.ts'
import type { BarQuery } from '../../src/ports/bars.ts'
import type { Stores } from '../../src/ports/stores.ts'
import { appOf, depsOf, TOKEN } from '../openapi/memory.ts'
import { bar, EVENING, spy } from '../support/bars.ts'

const { log, stores: nothing } = depsOf()
const open: Listening[] = []
afterAll(() => Promise.all(open.map((server) => server.close())))

/** Seconds without end, and a count of the pages that were read. */
function endlessStores() {
  const read = { pages: 0 }
  const between = async ({ from, limit = 1 }: BarQuery) => {
    read.pages += 1
    return BarSeries.of(
      Array.from({ length: limit }, (_, i) => ({ ...bar(0), time: plus(from, i * SECOND_MS) })),
    )
  }
  const find = async () => ({ ...spy, id: 1, tracked: true })
  const stores = {
    ...nothing,
    instruments: { find },
    bars: { between, csv: async () => null },
  } as unknown as Stores
  return { stores, read }
}

async function started(changed: Parameters<typeof appOf>[0] = {}, host = '127.0.0.1'): Promise<Listening> {
  const access = { openReads: true, hosts: ['127.0.0.1', 'localhost', '[::1]'] }
  const server = await listen({ app: appOf({ access, ...changed }), host, port: 0, log })
  open.push(server)
  return server
}

const asked = (address: string, path: string, headers = {}) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    get(`http://${address}${path}`, { headers: { accept: 'text/csv', ...headers } }, resolve).on(
      'error',
      reject,
    )
  })

test('a port in use is told in one sentence', async () => {
  const { address } = await started()
  const port = Number(address.split(':').at(-1))
  await expect(listen({ app: appOf(), host: '127.0.0.1', port, log })).rejects.toThrow(
    /^The API cannot listen on 127\.0\.0\.1:\d+: another program listens there; set PORT to a free one, or to 0 for any\.$/,
  )
})

test('Host is compared with the port that is listened on', async () => {
  const { address } = await started()
  const port = address.split(':').at(-1)
  const status = async (host: string) => (await asked(address, '/health/live', { host })).resume().statusCode
  expect(await status(`localhost:${port}`)).toBe(200)
  expect(await status(`[::1]:${port}`)).toBe(200)
  expect(await status('localhost:1')).toBe(421)
  expect(await status(`evil.example:${port}`)).toBe(421)
  expect(await status('evil@localhost')).toBe(400)
})

test('an address in the request line does not get round the Host', async () => {
  const { address } = await started()
  const raw = async (head: string) => {
    const socket = connect(Number(address.split(':').at(-1)), '127.0.0.1')
    socket.end(`${head}\r\nConnection: close\r\n\r\n`)
    const [answer] = (await once(socket, 'data')) as [Buffer]
    return answer.toString().split('\r\n')[0]
  }
  expect(await raw(`GET http://evil.example/health/live HTTP/1.1\r\nHost: ${address}`)).toContain('421')
  expect(await raw(`GET /health/live HTTP/1.1\r\nHost: ${address}`)).toContain('200')
  expect(await raw('GET /health/live HTTP/1.1')).toContain('400')
  expect(await raw('GIVE /health/live HTTP/1.1\r\nHost: x')).toContain('400')
})

test('a slow reader holds up what is read for it', async () => {
  const { stores, read } = endlessStores()
  const { address } = await started({ stores })
  const response = await asked(address, '/v1/bars?symbol=SPY')
  const pagesAfter = async (ms: number) => {
    await new Promise((resolve) => setTimeout(resolve, ms))
    return read.pages
  }
  const first = await pagesAfter(300)
  expect(await pagesAfter(300)).toBe(first)
  expect(first).toBeLessThan(30)
  response.destroy()
  expect(await pagesAfter(100)).toBeLessThanOrEqual(first + 1)
})

test('what fails at once is a problem, what fails later cuts the connection', async () => {
  const { stores } = endlessStores()
  const { between } = stores.bars
  const failing = async (query: BarQuery) => {
    if (query.from > EVENING) throw new Error('the disk is on fire')
    return between(query)
  }
  const { address } = await started({ stores: { ...stores, bars: { ...stores.bars, between: failing } } })
  const at = (time: EpochMs) => `/v1/bars?symbol=SPY&from=${new Date(time).toISOString()}`
  const early = await asked(address, at(plus(EVENING, SECOND_MS)))
  expect(early.statusCode).toBe(500)
  expect(await early.setEncoding('utf8').toArray()).not.toContain('fire')
  const late = await asked(address, at(plus(EVENING, -SECOND_MS)))
  expect(late.statusCode).toBe(200)
  await expect(late.resume().toArray()).rejects.toThrow()
})

test('closing ends open streams within a second', async () => {
  const { stores } = endlessStores()
  const server = await started({ stores })
  const response = await asked(server.address, '/v1/bars?symbol=SPY')
  const cut = new Promise((resolve) => response.on('error', resolve))
  response.resume()
  const from = performance.now()
  await server.close()
  await cut
  expect(performance.now() - from).toBeLessThan(1_500)
  await expect(asked(server.address, '/health/live')).rejects.toThrow()
})

test('a body that is sent in pieces is cut off at 64 KiB', async () => {
  const { address } = await started()
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }
  const call = request(`http://${address}/v1/instruments`, { method: 'POST', headers })
  call.on('error', () => {})
  for (let i = 0; i < 20; i++) call.write('x'.repeat(8 * 1024))
  const [response] = (await once(call, 'response')) as [IncomingMessage]
  expect(response.statusCode).toBe(413)
  call.destroy()
})

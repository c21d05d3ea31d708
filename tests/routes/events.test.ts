import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { openEventBell } from '../../db/eventBell.ts'
import { createApp } from '../../routes/app.ts'
import { listen } from '../../routes/serve.ts'
import { machineClock } from '../../src/clock/machine.ts'
import { Broadcast } from '../../src/events/broadcast.ts'
import type { Clock } from '../../src/market/time.ts'
import { until } from '../support/client.ts'
import { gatewayEvent } from '../support/events.ts'
import { hurriedClock } from '../support/hurriedClock.ts'
import { silentLog } from '../support/simulator.ts'
import { served } from './served.ts'

const { ask, deps, stores, url } = await served()
const { events } = stores

const bell = openEventBell({ url, clock: machineClock, log: silentLog })

/** The app with a broadcast on a clock of its own. */
async function listening(machine: Clock) {
  const broadcast = new Broadcast({ events, bell, machine, log: silentLog })
  const app = createApp({ ...deps, eventStreams: broadcast })
  const server = await listen({ app, host: '127.0.0.1', port: 0, log: silentLog })
  afterAll(async () => {
    broadcast.close()
    await server.close()
  })
  return { broadcast, address: server.address }
}

const { broadcast, address } = await listening(machineClock)
afterAll(() => bell.close())

const append = (count: number) => events.append(Array.from({ length: count }, (_, at) => gatewayEvent(at)))

/** Follows the stream; `text` grows as it comes. */
async function followed(query = '', headers: Record<string, string> = {}, at = address) {
  const asked = get(`http://${at}/v1/events${query}`, { headers })
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  const state = { text: '', ended: false }
  response.setEncoding('utf8').on('data', (more: string) => {
    state.text += more
  })
  response.on('end', () => {
    state.ended = true
  })
  response.on('error', () => {})
  onTestFinished(() => void asked.destroy())
  return {
    response,
    state,
    seen: () => [...state.text.matchAll(/^id: (\d+)\nevent/gm)].map(([, id]) => Number(id)),
  }
}

test('a stream tells what is committed from then on, at once', async () => {
  const { response, state, seen } = await followed()
  expect(response.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
  })
  await until(async () => state.text.includes('retry: '), 5_000)
  const begun = performance.now()
  const [event] = await append(1)
  await until(async () => seen().length === 1, 5_000)
  expect(performance.now() - begun).toBeLessThan(900)
  expect(seen()).toEqual([event!.sequence])
})

test('Last-Event-ID goes before `after`, and both tell what was missed', async () => {
  const latest = (await append(3)).at(-1)!.sequence
  const missed = await followed('?after=0', { 'last-event-id': String(latest - 2) })
  await until(async () => missed.seen().length === 2, 5_000)
  expect(missed.seen()).toEqual([latest - 1, latest])
  const all = await followed('?after=0&types=gateway.state,trade.opened')
  await until(async () => all.seen().length === latest, 5_000)
})

test.each([
  ['?types=gateway.stat', 'types', /^expected names separated by commas; did you mean gateway\.state\?$/],
  ['?types=', 'types', /^expected names separated by commas: trade\.opened, /],
  ['?after=-1', 'after', /./],
  ['?after=1e9', 'after', /./],
  ['?since=3', 'since', /is not a parameter here/],
])('%s is refused with the name of what is wrong', async (query, path, message) => {
  const { status, body } = await ask.get(`/v1/events${query}`)
  expect(status).toBe(422)
  expect(body.errors).toEqual([{ path, message: expect.stringMatching(message) }])
})

test('a Last-Event-ID that is no sequence is refused', async () => {
  const { status, body } = await ask.get('/v1/events').set('Last-Event-ID', 'evt_1')
  expect(status).toBe(422)
  expect(body.errors).toMatchObject([{ path: 'Last-Event-ID' }])
})

test('HEAD says what would come, and keeps nothing open', async () => {
  const asked = get(`http://${address}/v1/events`, { method: 'HEAD' })
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  response.resume()
  await once(response, 'end')
  expect(response.headers['content-type']).toContain('text/event-stream')
})

test('a client that reads nothing is cut off, and the others are told everything', async () => {
  const { address: at } = await listening(hurriedClock(20))
  const stalled = connect(Number(at.split(':').at(-1)), '127.0.0.1').on('error', () => {})
  onTestFinished(() => void stalled.destroy())
  stalled.write(`GET /v1/events HTTP/1.1\r\nhost: ${at}\r\n\r\n`)
  await once(stalled, 'readable') // and read no more
  const { seen } = await followed('', {}, at)
  const large = Array.from({ length: 100 }, (_, i) => gatewayEvent(i, 'x'.repeat(10_000)))
  for (let appended = 0; appended < 1_200; appended += large.length) {
    await events.append(large)
    await until(async () => seen().length === appended + large.length, 20_000)
  }
  const closed = once(stalled, 'close')
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  stalled.resume()
  await closed
})

test('the log is newest first, page by page, and of the types that are asked for', async () => {
  const latest = await events.latest()
  const first = await ask.get('/v1/events/log?limit=2')
  expect(first.body.items).toMatchObject([
    { sequence: latest, type: 'gateway.state', data: { state: 'x'.repeat(10_000) } },
    { sequence: latest - 1 },
  ])
  await append(1)
  const second = await ask.get(`/v1/events/log?limit=2&cursor=${first.body.nextCursor}`)
  expect(second.body.items.map(({ sequence }: { sequence: number }) => sequence)).toEqual([
    latest - 2,
    latest - 3,
  ])
  expect((await ask.get('/v1/events/log?types=trade.opened,trade.closed')).body).toEqual({
    items: [],
    nextCursor: null,
  })
  expect((await ask.get('/v1/events/log?cursor=nonsense')).status).toBe(400)
})

test('a stop of the service ends the streams, and does not cut them', async () => {
  const { state } = await followed()
  await until(async () => state.text !== '', 5_000)
  broadcast.close()
  await until(async () => state.ended, 1_000)
})

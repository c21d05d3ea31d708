import { randomBytes } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { expect, onTestFinished, test } from 'vitest'
import { DAY_MS, epochMs, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/market/time.ts'
import type { EventType } from '../../../src/ports/events.ts'
import { runCourier } from '../../../src/webhook/courier.ts'
import { Endpoints } from '../../../src/webhook/endpoints.ts'
import type { Post, Posted } from '../../../src/webhook/post.ts'
import { openVault } from '../../../src/webhook/vault.ts'
import { gatewayEvent } from '../../support/events.ts'
import { manualClock } from '../../support/manualClock.ts'
import { silentLog } from '../../support/simulator.ts'
import { memoryDatabase } from '../../support/twins/database.ts'

type Answer = number | { readonly status: number; readonly retryAfter: string } | Error | null

interface Seen {
  readonly at: number
  readonly host: string
  readonly sequence: number
  readonly posted: Posted
}

const ALLOWED = { http: false, ranges: [], ports: [] }
const PUBLIC = ['93.184.215.14']

/** Courier, receivers and clock; `answers` says how a host answers: with a status, an error, or null for never. */
function stage() {
  const clock = manualClock(epochMs(Date.now()))
  const { stores, bell, runner } = memoryDatabase({ clock })
  const vault = openVault(Buffer.alloc(32, 7), randomBytes)
  const seen: Seen[] = []
  const answers = new Map<string, (seen: Seen) => Answer>()
  let [running, most] = [0, 0]
  const post: Post = async (posted, signal) => {
    const { sequence } = JSON.parse(posted.body) as { sequence: number }
    const one = { at: clock.now(), host: posted.url.host, sequence, posted }
    seen.push(one)
    most = Math.max(most, ++running)
    try {
      const answer = (answers.get(one.host) ?? (() => 200))(one)
      if (answer === null) await clock.sleep(15 * SECOND_MS, signal)
      if (answer === null) throw new Error('no answer within 15 s')
      if (answer instanceof Error) throw answer
      await clock.sleep(1, signal)
      const { status, retryAfter } =
        typeof answer === 'number' ? { status: answer, retryAfter: undefined } : answer
      return { response: status, retryAfter, done: Promise.resolve() }
    } finally {
      running--
    }
  }
  const resolve = async () => PUBLIC
  const shared = { stores, vault, resolve, allowed: ALLOWED, machine: clock, market: clock, randomBytes }
  const endpoints = new Endpoints(shared)
  const start = (lookEveryMs = 10 * SECOND_MS) => {
    const stopping = new AbortController()
    const courier = {
      ...shared,
      post,
      bell,
      random: () => 0.5,
      userAgent: 'test',
      log: silentLog,
      lookEveryMs,
    }
    const ended = runCourier({ ...courier, runner: runner(clock, 8) }, stopping.signal)
    const stop = async () => {
      stopping.abort(new Error('stop'))
      await Promise.all([ended, clock.advance(2_000)])
    }
    onTestFinished(stop)
    return stop
  }
  const add = (host: string, events: EventType[] | null = null) =>
    endpoints.create({ url: `https://${host}/`, events, description: '' })
  const append = async (count: number) => {
    await stores.events.append(Array.from({ length: count }, (_, at) => gatewayEvent(at)))
    await clock.advance(100)
  }
  const told = (host: string) => seen.filter((one) => one.host === host).map(({ sequence }) => sequence)
  return { clock, stores, endpoints, add, append, start, seen, told, answers, mostRunning: () => most }
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1)

test('events arrive at once, in order, signed, and as the published verifier accepts them', async () => {
  const { clock, stores, add, append, start, seen, told } = stage()
  const { endpoint, secret } = await add('a.example')
  start()
  await clock.advance(0)
  await append(3)
  expect(told('a.example')).toEqual([1, 2, 3])
  const [event] = await stores.events.after(0, 1)
  const { headers, body, addresses } = seen[0]!.posted
  expect(new Webhook(secret).verify(body, { ...headers })).toMatchObject({ id: event!.id, sequence: 1 })
  expect(headers).toMatchObject({
    'webhook-id': event!.id,
    'content-type': 'application/json',
    'user-agent': 'test',
  })
  expect(addresses).toEqual(PUBLIC)
  expect(await stores.webhooks.find(endpoint.id)).toMatchObject({ pending: 0, nextTry: null })
})

test('what fails is tried ten times in 75.6 hours with one id, then the endpoint pauses and keeps what comes', async () => {
  const { clock, stores, endpoints, add, append, start, seen, told, answers } = stage()
  const { endpoint, secret } = await add('a.example')
  answers.set('a.example', () => 500)
  start(HOUR_MS)
  await append(2)
  const begun = seen[0]!.at
  await clock.advance(4 * DAY_MS)
  expect(told('a.example')).toEqual(Array.from({ length: 10 }, () => 1))
  expect(new Set(seen.map(({ posted }) => posted.headers['webhook-id'])).size).toBe(1)
  expect((seen.at(-1)!.at - begun) / HOUR_MS).toBeCloseTo(75.6, 0)
  const stamps = seen.map(({ posted }) => Number(posted.headers['webhook-timestamp']))
  expect(stamps).toEqual(seen.map(({ at }) => Math.floor(at / 1_000)))
  await append(3)
  expect(await endpoints.find(endpoint.id)).toMatchObject({
    ...{ state: 'paused', pending: 5, nextTry: null },
    reason: '10 tries have failed, the last with the answer 500',
  })
  answers.set('a.example', () => 200)
  await clock.advance(DAY_MS)
  expect(seen).toHaveLength(10)
  await endpoints.change(endpoint.id, { state: 'enabled' })
  await clock.advance(1_000)
  expect(told('a.example').slice(10)).toEqual(upTo(5))
  expect(new Webhook(secret)).toBeDefined()
  expect(await stores.webhooks.find(endpoint.id)).toMatchObject({ state: 'enabled', pending: 0 })
})

test('a poisonous event is skipped by a person, and the others follow in order', async () => {
  const { clock, endpoints, stores, add, append, start, told, answers } = stage()
  const { endpoint } = await add('a.example')
  answers.set('a.example', ({ sequence }) => (sequence === 2 ? 400 : 200))
  start(HOUR_MS)
  await append(4)
  await clock.advance(4 * DAY_MS)
  const waiting = await stores.webhooks.deliveries(endpoint.id, { limit: 9 })
  expect(waiting.map(({ status }) => status)).toEqual(['pending', 'pending', 'pending', 'delivered'])
  const [, third, second] = waiting
  const early = endpoints.change(endpoint.id, { skip: third!.id, state: 'enabled' })
  await expect(early).rejects.toMatchObject({ kind: 'conflict' })
  await endpoints.change(endpoint.id, { skip: second!.id, state: 'enabled' })
  await clock.advance(1_000)
  expect(told('a.example').filter((sequence) => sequence !== 2)).toEqual([1, 3, 4])
})

test('410 disables at once; what happens meanwhile is not kept, what was pending is', async () => {
  const { clock, endpoints, add, append, start, told, answers } = stage()
  const { endpoint } = await add('a.example')
  answers.set('a.example', () => 410)
  start()
  await append(2)
  expect(await endpoints.find(endpoint.id)).toMatchObject({
    state: 'disabled',
    reason: 'it answered 410 Gone',
  })
  await append(2)
  answers.set('a.example', () => 200)
  await endpoints.change(endpoint.id, { state: 'enabled' })
  await append(1)
  await clock.advance(1_000)
  expect(told('a.example')).toEqual([1, 1, 2, 5])
})

test.each([429, 502, 503, 504])('%i with Retry-After is asked again then, and no sooner', async (status) => {
  const { clock, add, append, start, seen, answers } = stage()
  await add('a.example')
  answers.set('a.example', () => ({ status, retryAfter: '3600' }))
  start()
  await append(1)
  await clock.advance(HOUR_MS - 5 * SECOND_MS)
  expect(seen).toHaveLength(1)
  await clock.advance(6 * SECOND_MS)
  expect(seen).toHaveLength(2)
  expect(seen[1]!.at - seen[0]!.at).toBeGreaterThanOrEqual(HOUR_MS)
})

test('one that hangs holds nobody else up, and never more than eight are asked at a time', async () => {
  const { clock, add, append, start, seen, told, answers, mostRunning } = stage()
  const hanging = Array.from({ length: 5 }, (_, i) => `hangs-${i}.example`)
  const healthy = Array.from({ length: 15 }, (_, i) => `works-${i}.example`)
  for (const host of [...hanging, ...healthy]) await add(host)
  for (const host of hanging) answers.set(host, () => null)
  start()
  await append(50)
  await clock.advance(1_000)
  for (const host of healthy) expect(told(host)).toEqual(upTo(50))
  for (const host of hanging) expect(told(host)).toEqual([1])
  const last = seen.filter(({ host }) => healthy.includes(host)).at(-1)!
  expect(last.at - seen[0]!.at).toBeLessThan(1_000)
  expect(mostRunning()).toBe(8)
})

test('a restart in the middle of an attempt sends the same event again, and goes on in order', async () => {
  const { clock, add, append, start, told, answers } = stage()
  await add('a.example')
  let isDeaf = true
  answers.set('a.example', ({ sequence }) => (sequence === 3 && isDeaf ? null : 200))
  const stop = start()
  await append(5)
  expect(told('a.example')).toEqual([1, 2, 3])
  await stop()
  isDeaf = false
  start()
  await clock.advance(1_000)
  expect(told('a.example')).toEqual([1, 2, 3, 3, 4, 5])
})

test('what happened while nobody delivered is delivered at the next start', async () => {
  const { clock, add, append, start, told } = stage()
  await add('a.example')
  await append(300)
  start()
  await clock.advance(30 * SECOND_MS)
  expect(told('a.example')).toEqual(upTo(300))
})

test('a job that was lost is found again within a minute', async () => {
  const { clock, stores, add, start, seen } = stage()
  const { endpoint } = await add('a.example')
  start()
  await clock.advance(100)
  const event = { id: 'evt_t', type: 'webhook.test', time: clock.now() } as const
  await stores.webhooks.test(endpoint.id, event, clock.now()) // as somebody does who dies before he adds the job
  await clock.advance(MINUTE_MS + 10 * SECOND_MS)
  expect(seen).toHaveLength(1)
})

test('for a day after a rotation both secrets verify, then the new one alone', async () => {
  const { clock, endpoints, add, append, start, seen } = stage()
  const { endpoint, secret } = await add('a.example')
  const rotated = await endpoints.rotate(endpoint.id)
  expect(rotated.secret).not.toBe(secret)
  start(HOUR_MS)
  const verified = (by: string) => {
    const { posted, at } = seen.at(-1)!
    const real = Date.now
    Date.now = () => at // the verifier's clock
    try {
      return new Webhook(by).verify(posted.body, { ...posted.headers }) !== null
    } catch {
      return false
    } finally {
      Date.now = real
    }
  }
  await append(1)
  expect([verified(secret), verified(rotated.secret)]).toEqual([true, true])
  await clock.advance(DAY_MS)
  await append(1)
  expect([verified(secret), verified(rotated.secret)]).toEqual([false, true])
})

test('a test is sent whatever the state, and a redelivery has the id of its event', async () => {
  const { clock, stores, endpoints, add, append, start, seen, answers } = stage()
  const { endpoint } = await add('a.example')
  start(HOUR_MS)
  await append(1)
  const [first] = await stores.webhooks.deliveries(endpoint.id, { limit: 1 })
  await endpoints.redeliver(first!.id)
  await clock.advance(100)
  expect(seen.map(({ posted }) => posted.headers['webhook-id'])).toEqual([first!.eventId, first!.eventId])
  await endpoints.change(endpoint.id, { state: 'disabled' })
  const made = await endpoints.test(endpoint.id)
  await clock.advance(100)
  expect(JSON.parse(seen.at(-1)!.posted.body)).toMatchObject({ type: 'webhook.test', id: made.eventId })
  expect(await stores.webhooks.delivery(made.id)).toMatchObject({ status: 'delivered' })
  answers.set('a.example', () => new Error('the connection was refused'))
  const failed = await endpoints.test(endpoint.id)
  await clock.advance(DAY_MS)
  expect(await stores.webhooks.delivery(failed.id)).toMatchObject({
    status: 'failed',
    attempts: [{ response: null, error: 'the connection was refused' }],
  })
})

test('what waits for its turn is not redelivered out of it; what is next may be tried now', async () => {
  const { clock, stores, endpoints, add, append, start, told, answers } = stage()
  const { endpoint } = await add('a.example')
  answers.set('a.example', () => 500)
  start()
  await append(2)
  const [second, first] = await stores.webhooks.deliveries(endpoint.id, { limit: 9 })
  await expect(endpoints.redeliver(second!.id)).rejects.toMatchObject({ kind: 'conflict' })
  await clock.advance(MINUTE_MS)
  const before = told('a.example').length
  await endpoints.redeliver(first!.id)
  await clock.advance(100)
  expect(told('a.example')).toHaveLength(before + 1)
  await endpoints.change(endpoint.id, { state: 'disabled' })
  await expect(endpoints.redeliver(first!.id)).rejects.toMatchObject({ kind: 'conflict' })
  await expect(endpoints.redeliver('dlv_none')).rejects.toMatchObject({ kind: 'missing' })
})

test('a URL that leads to a private address is refused, then and when its name changes its mind', async () => {
  const { clock, stores, endpoints, add, append, start, seen } = stage()
  const private_ = { url: 'https://10.0.0.1/', events: null, description: '' }
  await expect(endpoints.create(private_)).rejects.toMatchObject({
    kind: 'invalid',
    issues: [{ path: '/url' }],
  })
  const { endpoint } = await add('a.example')
  await expect(endpoints.change(endpoint.id, { url: 'https://[::1]/' })).rejects.toMatchObject({
    kind: 'invalid',
  })
  PUBLIC[0] = '127.0.0.1'
  onTestFinished(() => {
    PUBLIC[0] = '93.184.215.14'
  })
  start()
  await append(1)
  await clock.advance(100)
  expect(seen).toEqual([])
  expect(await stores.webhooks.deliveries(endpoint.id, { limit: 1 })).toMatchObject([
    { status: 'pending', attempts: [{ response: null, error: expect.stringContaining('not public') }] },
  ])
})

test('a hundred webhooks may be, and no more', async () => {
  const { add } = stage()
  for (let i = 0; i < 100; i++) await add(`${i}.example`)
  await expect(add('more.example')).rejects.toMatchObject({ kind: 'conflict' })
})

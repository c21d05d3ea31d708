import { beforeEach, expect, test } from 'vitest'
import { MINUTE_MS, plus } from '../../src/market/time.ts'
import type { EventType } from '../../src/ports/events.ts'
import type { Stores } from '../../src/ports/stores.ts'
import type {
  Attempt,
  DueDelivery,
  Verdict,
  WebhookDelivery,
  WebhookStore,
} from '../../src/ports/webhooks.ts'
import { secondAt } from '../support/bars.ts'
import { gatewayEvent } from '../support/events.ts'

const NOW = secondAt(500)
const SECRET = Uint8Array.of(1, 2, 3)
const DELIVERED: Verdict = { kind: 'delivered' }
const retry = (ms: number): Verdict => ({ kind: 'retry', at: plus(NOW, ms) })

const attempt = (response: number, at = NOW): Attempt => ({ at, durationMs: 12, response, error: null })

/** What any store of webhooks does. `open` gives an empty one with its outbox, asked for before each test. */
export function webhookStoreContract(open: () => Promise<Pick<Stores, 'webhooks' | 'events'>>): void {
  let hooks: WebhookStore
  let append: (count: number) => Promise<unknown>
  beforeEach(async () => {
    const { webhooks, events } = await open()
    hooks = webhooks
    append = (count) => events.append(Array.from({ length: count }, (_, i) => gatewayEvent(i)))
  })

  const create = (id: string, events: readonly EventType[] | null = null) =>
    hooks.create({ id, url: 'https://a.example/x', events, description: id, createdAt: NOW, secret: SECRET })

  /** An endpoint to which so many events were given. */
  const given = async (count: number, id = 'whk_1') => {
    await create(id)
    await append(count)
    await hooks.spread(NOW)
  }

  const settled = async (verdict: Verdict, response = 500, id = 'whk_1'): Promise<DueDelivery> => {
    const due = (await hooks.next(id, plus(NOW, 1e9)))!
    await hooks.settle(due, attempt(response), verdict)
    return due
  }

  const listed = async (id = 'whk_1'): Promise<WebhookDelivery[]> => hooks.deliveries(id, { limit: 100 })
  const statuses = async () => (await listed()).map(({ sequence, status }) => [sequence, status])

  test('an endpoint is found as it was made, and the list is newest first', async () => {
    const made = await create('whk_1', ['trade.opened', 'order.filled'])
    expect(made).toEqual({
      ...{ id: 'whk_1', url: 'https://a.example/x', events: ['trade.opened', 'order.filled'] },
      ...{ description: 'whk_1', state: 'enabled', reason: null, createdAt: NOW },
      ...{ previousSecretUntil: null, nextTry: null, pending: 0 },
    })
    await create('whk_2')
    await create('whk_3')
    const ids = async (page: { limit: number; after?: string }) =>
      (await hooks.list(page)).map(({ id }) => id)
    expect(await ids({ limit: 9 })).toEqual(['whk_3', 'whk_2', 'whk_1'])
    expect(await ids({ limit: 1, after: 'whk_3' })).toEqual(['whk_2'])
    expect(await hooks.find('whk_1')).toEqual(made)
    expect(await hooks.find('none')).toBeNull()
  })

  test('the oldest event that somebody is still to be told is known, whether or not it was spread', async () => {
    await append(1)
    expect(await hooks.oldestUntold()).toBeNull()
    await create('whk_1')
    await create('whk_2', ['trade.opened'])
    expect(await hooks.oldestUntold()).toBeNull()
    await append(3)
    expect(await hooks.oldestUntold()).toBe(secondAt(0))
    await hooks.spread(NOW)
    expect(await hooks.oldestUntold()).toBe(secondAt(0))
    await settled(retry(1_000))
    expect(await hooks.oldestUntold()).toBe(secondAt(0))
    await settled(DELIVERED, 204)
    expect(await hooks.oldestUntold()).toBe(secondAt(1))
    await hooks.disable('whk_1', 'by request')
    expect(await hooks.oldestUntold()).toBeNull()
  })

  test('what is changed is changed, and the rest stays', async () => {
    await create('whk_1', ['trade.opened'])
    expect(await hooks.change('whk_1', { description: 'new' })).toMatchObject({
      description: 'new',
      events: ['trade.opened'],
    })
    expect(await hooks.change('whk_1', { events: null, url: 'https://b.example/' })).toMatchObject({
      ...{ description: 'new', events: null, url: 'https://b.example/' },
    })
    expect(await hooks.change('whk_1', {})).toMatchObject({ description: 'new' })
    expect(await hooks.change('none', { description: 'new' })).toBeNull()
  })

  test('an endpoint is told what happens after it was made, of its types, once', async () => {
    await append(2)
    await create('whk_all')
    await create('whk_some', ['trade.opened', 'gateway.state'])
    await create('whk_none', ['trade.opened'])
    await append(3)
    const spread = await hooks.spread(NOW)
    expect(spread.given.sort()).toEqual(['whk_all', 'whk_some'])
    expect(spread.isMore).toBe(false)
    expect(await hooks.spread(NOW)).toEqual({ given: [], isMore: false })
    expect((await listed('whk_all')).map(({ sequence }) => sequence)).toEqual([5, 4, 3])
    expect(await listed('whk_none')).toEqual([])
    expect((await listed('whk_some'))[0]).toEqual({
      ...{
        id: expect.stringMatching(/^dlv_/),
        endpointId: 'whk_some',
        eventId: expect.stringMatching(/^evt_/),
      },
      ...{ type: 'gateway.state', sequence: 5, status: 'pending', createdAt: NOW },
      ...{ attemptCount: 0, attempts: [], nextTry: null },
    })
    expect(await hooks.find('whk_all')).toMatchObject({ pending: 3 })
  })

  test('more than a thousand events are spread in several goes', async () => {
    await create('whk_1')
    await append(1_500)
    expect(await hooks.spread(NOW)).toEqual({ given: ['whk_1'], isMore: true })
    expect(await hooks.spread(NOW)).toEqual({ given: ['whk_1'], isMore: false })
    expect(await hooks.find('whk_1')).toMatchObject({ pending: 1_500 })
  })

  test('deliveries go in the order of the events', async () => {
    await given(3)
    const due = (await hooks.next('whk_1', NOW))!
    expect(due).toMatchObject({ url: 'https://a.example/x', previousSecret: null, tries: 0, isAsked: false })
    expect([...due.secret]).toEqual([1, 2, 3])
    expect(due.event).toMatchObject(gatewayEvent(0))
    const order: (number | null)[] = []
    for (let i = 0; i < 3; i++) order.push((await settled(DELIVERED, 200)).delivery.sequence)
    expect(order).toEqual([1, 2, 3])
    expect(await hooks.next('whk_1', NOW)).toBeNull()
    expect((await listed()).map(({ attempts }) => attempts)).toEqual([
      [attempt(200)],
      [attempt(200)],
      [attempt(200)],
    ])
    expect(await hooks.find('whk_1')).toMatchObject({ pending: 0 })
  })

  test('what failed is tried again before anything later, once its time has come', async () => {
    await given(2)
    const failed = await settled(retry(MINUTE_MS))
    expect(await hooks.next('whk_1', plus(NOW, MINUTE_MS - 1))).toBeNull()
    expect(await hooks.dueAt('whk_1')).toBe(plus(NOW, MINUTE_MS))
    expect(await hooks.find('whk_1')).toMatchObject({ nextTry: plus(NOW, MINUTE_MS), pending: 2 })
    const again = (await hooks.next('whk_1', plus(NOW, MINUTE_MS)))!
    expect(again).toMatchObject({
      tries: 1,
      delivery: { id: failed.delivery.id, attemptCount: 1, nextTry: plus(NOW, MINUTE_MS) },
    })
    expect((await listed())[0]).toMatchObject({ sequence: 2, nextTry: null })
    await hooks.settle(again, attempt(200), DELIVERED)
    expect(await hooks.next('whk_1', NOW)).toMatchObject({ tries: 0, delivery: { sequence: 2 } })
  })

  test('an attempt is kept once, whoever else has kept one meanwhile', async () => {
    await given(2)
    const due = (await hooks.next('whk_1', NOW))!
    await hooks.settle(due, attempt(200), DELIVERED)
    await hooks.settle(due, attempt(500), retry(MINUTE_MS))
    expect(await statuses()).toEqual([
      [2, 'pending'],
      [1, 'delivered'],
    ])
    expect(await hooks.next('whk_1', NOW)).toMatchObject({ delivery: { sequence: 2 } })
  })

  test('the newest twenty attempts are kept', async () => {
    await given(1)
    for (let i = 0; i < 25; i++) {
      const due = (await hooks.next('whk_1', plus(NOW, 1e9)))!
      await hooks.settle(due, attempt(500 + i), retry(0))
    }
    const [delivery] = await listed()
    expect(delivery).toMatchObject({ attemptCount: 25 })
    expect(delivery!.attempts.map(({ response }) => response)).toEqual(
      Array.from({ length: 20 }, (_, i) => 505 + i),
    )
  })

  test('a schedule that is used up pauses, keeps what comes later, and begins anew with the same event', async () => {
    await given(1)
    const { delivery } = await settled({ kind: 'exhausted', reason: 'it is down' })
    await append(1)
    expect((await hooks.spread(NOW)).given).toEqual(['whk_1'])
    expect(await hooks.find('whk_1')).toMatchObject({
      state: 'paused',
      reason: 'it is down',
      pending: 2,
      nextTry: null,
    })
    expect(await hooks.next('whk_1', plus(NOW, 1e9))).toBeNull()
    expect([await hooks.dueAt('whk_1'), await hooks.waiting()]).toEqual([null, []])
    await hooks.enable('whk_1')
    expect(await hooks.find('whk_1')).toMatchObject({ state: 'enabled', reason: null })
    expect(await hooks.next('whk_1', NOW)).toMatchObject({
      tries: 0,
      delivery: { id: delivery.id, attemptCount: 1 },
    })
  })

  test('who is gone is disabled, and once enabled again told what happens from then on', async () => {
    await given(2)
    await settled({ kind: 'gone', reason: 'it answered 410 Gone' }, 410)
    expect(await hooks.find('whk_1')).toMatchObject({ state: 'disabled', reason: 'it answered 410 Gone' })
    await append(2)
    expect((await hooks.spread(NOW)).given).toEqual([])
    await hooks.enable('whk_1')
    await append(1)
    expect((await hooks.spread(NOW)).given).toEqual(['whk_1'])
    expect(await statuses()).toEqual([
      [5, 'pending'],
      [2, 'pending'],
      [1, 'pending'],
    ])
  })

  test('an endpoint that a person disables during an attempt stays disabled', async () => {
    await given(1)
    const due = (await hooks.next('whk_1', NOW))!
    await hooks.disable('whk_1', 'by request')
    await hooks.settle(due, attempt(500), { kind: 'exhausted', reason: 'it is down' })
    expect(await hooks.find('whk_1')).toMatchObject({ state: 'disabled', reason: 'by request' })
  })

  test('a new address is tried at once', async () => {
    await given(1)
    await settled(retry(MINUTE_MS))
    await hooks.change('whk_1', { description: 'x' })
    expect(await hooks.next('whk_1', NOW)).toBeNull()
    await hooks.change('whk_1', { url: 'https://b.example/' })
    expect(await hooks.next('whk_1', NOW)).toMatchObject({ url: 'https://b.example/', tries: 0 })
  })

  test('the oldest that is pending may be skipped, no other', async () => {
    await given(3)
    await settled(retry(MINUTE_MS))
    const [, second, first] = await listed()
    expect([await hooks.oldest('whk_1'), await hooks.oldest('none')]).toEqual([first!.id, null])
    expect(await hooks.skip(second!.id)).toBe(false)
    expect(await hooks.skip(first!.id)).toBe(true)
    expect(await hooks.skip(first!.id)).toBe(false)
    expect(await statuses()).toEqual([
      [3, 'pending'],
      [2, 'pending'],
      [1, 'skipped'],
    ])
    expect(await hooks.next('whk_1', NOW)).toMatchObject({ tries: 0, delivery: { sequence: 2 } })
  })

  test('a test is tried once, before and outside the line, whatever the state of the endpoint', async () => {
    await given(1)
    await settled({ kind: 'exhausted', reason: 'it is down' })
    const event = { id: 'evt_test', type: 'webhook.test', time: secondAt(7) } as const
    const made = await hooks.test('whk_1', event, NOW)
    expect(made).toMatchObject({
      eventId: 'evt_test',
      type: 'webhook.test',
      sequence: null,
      status: 'pending',
    })
    expect([await hooks.dueAt('whk_1'), await hooks.waiting()]).toEqual([0, ['whk_1']])
    const due = (await hooks.next('whk_1', NOW))!
    expect(due).toMatchObject({ isAsked: true, event })
    await hooks.settle(due, attempt(500), retry(MINUTE_MS))
    expect(await hooks.delivery(made.id)).toMatchObject({ status: 'failed', attemptCount: 1 })
    expect(await hooks.next('whk_1', plus(NOW, 1e9))).toBeNull()
    expect(await hooks.find('whk_1')).toMatchObject({ state: 'paused', pending: 1 })
  })

  test('what was delivered may be asked for again: once more, and the line goes on as it was', async () => {
    await given(2)
    const { delivery } = await settled(DELIVERED, 200)
    await settled(retry(MINUTE_MS))
    await hooks.ask(delivery.id)
    const due = (await hooks.next('whk_1', NOW))!
    expect(due).toMatchObject({
      isAsked: true,
      delivery: { id: delivery.id, attemptCount: 1 },
      event: { sequence: 1 },
    })
    await hooks.settle(due, attempt(500), retry(9 * MINUTE_MS))
    expect(await hooks.delivery(delivery.id)).toMatchObject({ status: 'delivered', attemptCount: 2 })
    expect(await hooks.dueAt('whk_1')).toBe(plus(NOW, MINUTE_MS))
    expect(await hooks.next('whk_1', plus(NOW, MINUTE_MS))).toMatchObject({
      tries: 1,
      delivery: { sequence: 2 },
    })
  })

  test('what is next in the line and asked for is tried now; what waits behind it waits on', async () => {
    await given(2)
    await settled(retry(MINUTE_MS))
    const [second, first] = await listed()
    await hooks.ask(second!.id)
    expect(await hooks.next('whk_1', NOW)).toBeNull()
    await hooks.ask(first!.id)
    expect(await hooks.next('whk_1', NOW)).toMatchObject({ isAsked: false, delivery: { id: first!.id } })
  })

  test('one who answers 410 even to a test is disabled', async () => {
    await create('whk_1')
    await hooks.test('whk_1', { id: 'evt_test', type: 'webhook.test', time: NOW }, NOW)
    await settled({ kind: 'gone', reason: 'it answered 410 Gone' }, 410)
    expect(await hooks.find('whk_1')).toMatchObject({ state: 'disabled' })
  })

  test('the secret before signs as well, until its time is over', async () => {
    await given(1)
    await hooks.rotate('whk_1', Uint8Array.of(9), plus(NOW, MINUTE_MS))
    const during = (await hooks.next('whk_1', NOW))!
    expect([[...during.secret], [...during.previousSecret!]]).toEqual([[9], [1, 2, 3]])
    const after = (await hooks.next('whk_1', plus(NOW, MINUTE_MS)))!
    expect([[...after.secret], after.previousSecret]).toEqual([[9], null])
    expect(await hooks.find('whk_1')).toMatchObject({ previousSecretUntil: plus(NOW, MINUTE_MS) })
  })

  test('a removed endpoint leaves nothing', async () => {
    await given(2)
    const [delivery] = await listed()
    expect(await hooks.remove('whk_1')).toBe(true)
    expect(await hooks.remove('whk_1')).toBe(false)
    expect([await hooks.find('whk_1'), await hooks.delivery(delivery!.id), await listed()]).toEqual([
      null,
      null,
      [],
    ])
    expect([await hooks.next('whk_1', NOW), await hooks.dueAt('whk_1')]).toEqual([null, null])
  })

  test('deliveries are listed newest first, page by page', async () => {
    await given(5)
    const all = await listed()
    expect(await hooks.deliveries('whk_1', { limit: 2, after: all[1]!.id })).toEqual(all.slice(2, 4))
  })

  test('deliveries that are over are forgotten after their time, those that wait never', async () => {
    await given(3)
    await settled(DELIVERED, 200)
    expect(await hooks.prune(NOW)).toBe(0)
    expect(await hooks.prune(plus(NOW, 1))).toBe(1)
    expect(await statuses()).toEqual([
      [3, 'pending'],
      [2, 'pending'],
    ])
  })
}

import { beforeEach, expect, test } from 'vitest'
import { MINUTE_MS, plus } from '../../src/market/time.ts'
import type { Intent, IntentState, IntentStore, NewIntent } from '../../src/ports/intents.ts'
import type { Stores } from '../../src/ports/stores.ts'
import { EVENING, secondAt } from '../support/bars.ts'
import { newIntent } from '../support/trading.ts'

const OPEN = ['reserved', 'sending', 'working', 'partial', 'held', 'cancelling', 'unresolved'] as const
const SETTLED = ['denied', 'filled', 'rejected', 'cancelled', 'expired'] as const

const CLASHES = { kind: 'conflict' }

/** What any store of intents does. `open` gives an empty one, asked for before each test. */
export function intentStoreContract(open: () => Promise<Stores>): void {
  let stores: Stores
  let intents: IntentStore

  beforeEach(async () => {
    stores = await open()
    intents = stores.intents
  })

  const create = (fields: Partial<NewIntent> = {}): Promise<Intent> => intents.create(newIntent(fields))

  test('an intent is found as it was made, by its id, its orderRef and its order id', async () => {
    const fields = newIntent({ stopPrice: 177.115, expiresAt: plus(EVENING, 30_000), orderId: 2 ** 31 - 1 })
    const made = await intents.create(fields)
    expect(made).toEqual({
      ...{ ...fields, ordinal: expect.any(Number), permId: null, filled: 0, averagePrice: null, sends: 0 },
      ...{ sentAt: null, endedAt: null, sentInSession: null, absentSince: null },
    })
    expect(await intents.find(made.id)).toEqual(made)
    expect(await intents.byOrderRef(made.orderRef)).toEqual(made)
    expect(await intents.byOrderId(2 ** 31 - 1)).toEqual(made)
    expect(await intents.find('none')).toBeNull()
    expect(await intents.byOrderRef('none')).toBeNull()
    expect(await intents.byOrderId(1)).toBeNull()
  })

  test('what becomes of an intent is written over, and nothing else of it', async () => {
    const made = await create()
    await create({ symbol: 'QQQ' })
    const sent = { state: 'sending', sentAt: secondAt(1), sends: 1, sentInSession: 7 } as const
    expect(await intents.change(made.id, sent)).toEqual({ ...made, ...sent })
    const filled = { state: 'filled', permId: 2 ** 40, filled: 100, averagePrice: 178.1234 } as const
    const ended = { endedAt: secondAt(2), absentSince: secondAt(1), code: '399', detail: 'it was held' }
    const whole = { ...made, ...sent, ...filled, ...ended }
    expect(await intents.change(made.id, { ...filled, ...ended })).toEqual(whole)
    expect(await intents.change(made.id, {})).toEqual(whole)
    expect(await intents.find(made.id)).toEqual(whole)
    expect(await intents.change(made.id, { absentSince: null })).toEqual({ ...whole, absentSince: null })
    expect((await intents.list({ limit: 1 }))[0]).toMatchObject({ symbol: 'QQQ', state: 'reserved' })
  })

  test('an intent that is not there is not changed', async () => {
    await expect(intents.change('none', { state: 'filled' })).rejects.toMatchObject({ kind: 'missing' })
  })

  test('those whose fate is not settled are told in the order of making, whatever they have gone through', async () => {
    const made: Intent[] = []
    for (const state of [...OPEN, ...SETTLED]) made.push(await create({ symbol: state, state }))
    await intents.change(made[0]!.id, { state: 'working' })
    await intents.change(made[3]!.id, { state: 'cancelled' })
    const open = (await intents.open()).map(({ symbol }) => symbol)
    expect(open).toEqual(OPEN.filter((state) => state !== 'partial'))
  })

  test('the list is newest first, a page at a time', async () => {
    const made: string[] = []
    for (let i = 0; i < 5; i++) made.unshift((await create({ symbol: `S${i}` })).id)
    const first = await intents.list({ limit: 2 })
    const second = await intents.list({ limit: 2, before: first[1]!.ordinal })
    const rest = await intents.list({ limit: 9, before: second[1]!.ordinal })
    expect([...first, ...second, ...rest].map(({ id }) => id)).toEqual(made)
    expect([first, second, rest].map(({ length }) => length)).toEqual([2, 2, 1])
  })

  test('those made since an instant are told in the order of making, denied ones too', async () => {
    await create({ symbol: 'A', createdAt: plus(EVENING, -1) })
    await create({ symbol: 'B', createdAt: secondAt(9), state: 'denied', orderId: null })
    await create({ symbol: 'C', createdAt: EVENING })
    expect((await intents.since(EVENING)).map(({ symbol }) => symbol)).toEqual(['B', 'C'])
    expect(await intents.since(secondAt(10))).toEqual([])
  })

  test.each(['id', 'orderRef', 'orderId'] as const)(
    'the %s of an intent is never used again',
    async (name) => {
      const { [name]: used } = await create({ state: 'filled' })
      await expect(create({ symbol: 'QQQ', [name]: used })).rejects.toMatchObject(CLASHES)
      expect(await intents.list({ limit: 9 })).toHaveLength(1)
    },
  )

  test('a candle gives one entry, one exit an attempt and one stop an attempt', async () => {
    for (const purpose of ['entry', 'exit', 'stop'] as const) {
      await create({ purpose, state: 'cancelled' })
      await expect(create({ purpose })).rejects.toMatchObject(CLASHES)
      await create({ purpose, attempt: 2, state: 'cancelled' })
      await create({ purpose, candleTime: plus(EVENING, MINUTE_MS), state: 'cancelled' })
    }
    expect(await intents.list({ limit: 20 })).toHaveLength(9)
  })

  test('what was denied stands in nobody’s way: neither of its own candle nor of an open entry', async () => {
    const denied = { state: 'denied', orderId: null, code: 'maxPosition' } as const
    await create(denied)
    await create(denied)
    const entry = await create()
    await create({ ...denied, candleTime: plus(EVENING, MINUTE_MS) })
    expect(await intents.open()).toEqual([entry])
  })

  test.each(OPEN)(
    'while an entry is %s its symbol gets no other, whichever candle asks for it',
    async (state) => {
      const first = await create({ state: 'reserved' })
      await intents.change(first.id, { state })
      const later = { candleTime: plus(EVENING, MINUTE_MS) }
      await expect(create(later)).rejects.toMatchObject(CLASHES)
      await create({ ...later, purpose: 'exit', side: 'sell' })
      await create({ ...later, purpose: 'stop', side: 'sell', type: 'stop', parent: first.id })
      await create({ ...later, symbol: 'QQQ' })
      await intents.change(first.id, { state: 'expired' })
      expect((await create(later)).state).toBe('reserved')
    },
  )

  test('an entry that is found again after all does not come back beside another', async () => {
    const lost = await create({ state: 'expired' })
    await create({ candleTime: plus(EVENING, MINUTE_MS) })
    await expect(intents.change(lost.id, { state: 'working' })).rejects.toMatchObject(CLASHES)
    expect((await intents.find(lost.id))?.state).toBe('expired')
  })

  test('a clash takes its transaction with it, also where it is swallowed', async () => {
    await create()
    const swallowing = stores.transaction(async (inside) => {
      await inside.intents.record({ intent: null, orderId: 1, at: EVENING, kind: 'sent', detail: '{}' })
      await inside.intents.create(newIntent()).catch(() => 'swallowed')
    })
    await expect(swallowing).rejects.toThrow('a statement had failed')
  })

  test('an entry and its stop come together or not at all', async () => {
    const entry = newIntent()
    const stop = newIntent({ purpose: 'stop', parent: entry.id, orderRef: entry.orderRef })
    const bracket = stores.transaction(async (inside) => {
      await inside.intents.create(entry)
      await inside.intents.create(stop)
    })
    await expect(bracket).rejects.toMatchObject(CLASHES)
    expect(await intents.list({ limit: 9 })).toEqual([])
  })

  test('of two that make one entry at the same time one wins, and the other meets a conflict', async () => {
    const making = (fields: Partial<NewIntent>) =>
      stores.transaction(async (inside) => {
        const made = await inside.intents.create(newIntent(fields))
        await inside.intents.record({
          intent: made.id,
          orderId: 1,
          at: EVENING,
          kind: 'reserved',
          detail: '{}',
        })
        return made
      })
    const rivals = [{}, {}, { candleTime: plus(EVENING, MINUTE_MS) }, { attempt: 2 }].map(making)
    const results = await Promise.allSettled(rivals)
    const won = results.filter(({ status }) => status === 'fulfilled')
    expect(won).toHaveLength(1)
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject(CLASHES)
    expect(await intents.open()).toHaveLength(1)
  })

  test('everything about an order is kept as it came, in its order', async () => {
    const [made, other] = [await create(), await create({ symbol: 'QQQ' })]
    const event = (intent: string | null, kind: string, at = EVENING) => ({
      ...{ intent, kind, at, orderId: made.orderId, detail: `{"b":1, "a":"${kind}"}` },
    })
    const told = [event(made.id, 'reserved'), event(made.id, 'sent', secondAt(2)), event(made.id, 'status')]
    await intents.record(told[0]!)
    await intents.record(event(other.id, 'reserved'))
    await intents.record(event(null, 'order'))
    await intents.record(told[1]!)
    await intents.record(told[2]!)
    expect(await intents.events(made.id)).toEqual(told)
    expect(await intents.events('none')).toEqual([])
  })

  test('nothing is journalled of an intent that is not there', async () => {
    const event = { intent: 'none', orderId: 1, at: EVENING, kind: 'sent', detail: '{}' }
    await expect(intents.record(event)).rejects.toThrow()
    await expect(create({ purpose: 'stop', parent: 'none' })).rejects.toThrow()
  })

  test('a state is kept as the word it is', async () => {
    const states: IntentState[] = [...OPEN, ...SETTLED]
    for (const state of states) {
      const { id } = await create({ symbol: state })
      await intents.change(id, { state })
      expect((await intents.find(id))?.state).toBe(state)
    }
  })
}

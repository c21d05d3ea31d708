import { beforeEach, expect, test } from 'vitest'
import { plus } from '../../src/market/time.ts'
import type { DecisionStore, JournalledDecision } from '../../src/ports/decisions.ts'
import type { Stores } from '../../src/ports/stores.ts'
import { bar, EVENING, secondAt } from '../support/bars.ts'
import { newDecision, newIntent } from '../support/trading.ts'

/** What any store of decisions does. `open` gives an empty one, asked for before each test. */
export function decisionStoreContract(open: () => Promise<Stores>): void {
  let stores: Stores
  let decisions: DecisionStore

  beforeEach(async () => {
    stores = await open()
    decisions = stores.decisions
  })

  const add = async (i: number, fields: Partial<JournalledDecision> = {}): Promise<JournalledDecision> => {
    const decision = newDecision(i, fields)
    await decisions.add(decision)
    return decision
  }

  test('a decision is found as it was made, with the candle that it was made on', async () => {
    const { id } = await stores.intents.create(newIntent())
    const swingLow = { price: 177.9999, pivotTime: secondAt(-600), confirmedAt: secondAt(-300) }
    const candle = bar(60, { volume: 2 ** 33, vwap: null, tradeCount: null })
    const [plain, entered] = [
      await add(0),
      await add(1, {
        ...{
          action: 'enter',
          outcome: 'ordered',
          intent: id,
          position: 'long',
          stop: 177.9,
          swingLow,
          candle,
        },
        ...{ breakout: null, movingAverage: null, hindrance: 'none of it', conditions: [], trader: 2 ** 40 },
      }),
    ]
    expect(await decisions.find('SPY', EVENING)).toEqual(plain)
    expect(await decisions.find('SPY', secondAt(60))).toEqual(entered)
    expect(await decisions.find('QQQ', EVENING)).toBeNull()
    expect(await decisions.find('SPY', plus(EVENING, 1))).toBeNull()
  })

  test('what was compared stays as it was written, to the last digit and in its order', async () => {
    const { conditions, breakout } = await add(0, {
      conditions: [
        { name: 'close > breakout', left: 0.1 + 0.2, right: 178.250_000_000_000_03, holds: false },
        { name: 'an "odd" näme', left: null, right: 1e-7, holds: true },
      ],
    })
    const found = await decisions.find('SPY', EVENING)
    expect(JSON.stringify(found?.conditions)).toBe(JSON.stringify(conditions))
    expect(JSON.stringify(found?.breakout)).toBe(JSON.stringify(breakout))
  })

  test('a candle of a symbol is decided on once, and the first word stands', async () => {
    const first = await add(0)
    await expect(add(0, { outcome: 'missed' })).rejects.toMatchObject({ kind: 'conflict' })
    await add(0, { symbol: 'QQQ' })
    expect(await decisions.find('SPY', EVENING)).toEqual(first)
  })

  test('of those that decide on one candle at the same time one does', async () => {
    const deciding = [1, 2, 3].map(() => stores.transaction((inside) => inside.decisions.add(newDecision(0))))
    const results = await Promise.allSettled(deciding)
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ kind: 'conflict' })
  })

  test('those of a range are told oldest first, up to a limit, without its end', async () => {
    const made: JournalledDecision[] = []
    for (const i of [3, 1, 0, 2, 4]) made[i] = await add(i)
    await add(1, { symbol: 'QQQ' })
    const range = { from: secondAt(60), to: secondAt(240) }
    expect(await decisions.between('SPY', range)).toEqual([made[1], made[2], made[3]])
    expect(await decisions.between('SPY', range, 2)).toEqual([made[1], made[2]])
    expect(await decisions.between('SPY', range, 0)).toEqual([])
    expect(await decisions.between('SPY', { from: secondAt(61), to: secondAt(120) })).toEqual([])
  })

  test('the latest is that of the newest candle, whenever it was made', async () => {
    expect(await decisions.latest('SPY')).toBeNull()
    const newest = await add(5)
    await add(4)
    await add(9, { symbol: 'QQQ' })
    expect(await decisions.latest('SPY')).toEqual(newest)
  })

  test('a decision goes with its transaction, and with the intent that it led to', async () => {
    const undone = stores.transaction(async (inside) => {
      const { id } = await inside.intents.create(newIntent())
      await inside.decisions.add(newDecision(0, { intent: id }))
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    expect(await decisions.latest('SPY')).toBeNull()
    await expect(add(0, { intent: 'none' })).rejects.toThrow()
  })
}

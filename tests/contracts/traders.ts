import { beforeEach, expect, test } from 'vitest'
import { plus } from '../../src/market/time.ts'
import type { Stores } from '../../src/ports/stores.ts'
import type { TraderStore } from '../../src/ports/traders.ts'
import { EVENING, secondAt } from '../support/bars.ts'
import { newTrader } from '../support/trading.ts'

/** What any store of the trader does. `open` gives an empty one, asked for before each test. */
export function traderStoreContract(open: () => Promise<Stores>): void {
  let stores: Stores
  let traders: TraderStore

  beforeEach(async () => {
    stores = await open()
    traders = stores.traders
  })

  test('there is none before the first start, and then it is found as it was made', async () => {
    expect(await traders.find()).toBeNull()
    expect(await stores.transaction((inside) => inside.traders.lock())).toBeNull()
    const fields = newTrader({ account: 'DU1', day: { date: '2014-01-31', startEquity: 100_000.07 } })
    const made = await traders.create(fields)
    expect(made).toEqual({ ...fields, version: 1 })
    expect(await traders.find()).toEqual(made)
    expect(await stores.transaction((inside) => inside.traders.lock())).toEqual(made)
    expect(JSON.stringify((await traders.find())?.settings)).toBe(JSON.stringify(fields.settings))
  })

  test('there is only one, whoever makes it first', async () => {
    const making = [1, 2, 3].map((lastOrderId) => traders.create(newTrader({ lastOrderId })))
    const results = await Promise.allSettled(making)
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ kind: 'conflict' })
    const won = results.findIndex(({ status }) => status === 'fulfilled')
    expect(await traders.find()).toMatchObject({ lastOrderId: won + 1, version: 1 })
  })

  test('a change leaves the rest as it was, and raises the version', async () => {
    const made = await traders.create(newTrader())
    const halted = {
      level: 'halted',
      isFlattening: true,
      reason: 'a position differs',
      cause: 'fault',
    } as const
    const known = { account: 'DU1', lastOrderId: 2 ** 31, warmedFrom: secondAt(-60) }
    expect(await traders.change(halted)).toEqual({ ...made, ...halted, version: 2 })
    expect(await traders.change(known)).toEqual({ ...made, ...halted, ...known, version: 3 })
    const day = { date: '2014-01-31', startEquity: 1e6 }
    const settings = { ...made.settings, symbol: 'QQQ' }
    await traders.change({ day, settings, isPanicking: true, since: secondAt(1) })
    expect(await traders.find()).toEqual({
      ...{ ...made, ...halted, ...known, day, settings },
      ...{ isPanicking: true, since: secondAt(1), version: 4 },
    })
    const cleared = { reason: null, account: null, warmedFrom: null, day: null }
    expect(await traders.change(cleared)).toMatchObject({ ...cleared, level: 'halted', version: 5 })
    expect(await traders.change({})).toMatchObject({ version: 6 })
  })

  test('a trader that is not there is not changed', async () => {
    await expect(traders.change({ level: 'off' })).rejects.toMatchObject({ kind: 'missing' })
    expect(await traders.find()).toBeNull()
  })

  test('whoever has it locked is alone with it: no order id is given twice', async () => {
    await traders.create(newTrader({ lastOrderId: 100 }))
    const takeId = () =>
      stores.transaction(async (inside) => {
        const { lastOrderId } = (await inside.traders.lock())!
        await new Promise((resolve) => setTimeout(resolve, 2))
        return (await inside.traders.change({ lastOrderId: lastOrderId + 1 })).lastOrderId
      })
    const ids = await Promise.all(Array.from({ length: 8 }, takeId))
    expect(ids.toSorted((a, b) => a - b)).toEqual([101, 102, 103, 104, 105, 106, 107, 108])
    expect(await traders.find()).toMatchObject({ lastOrderId: 108, version: 9 })
  })

  test('what is said while an intent is made is said after it, and counts for the next', async () => {
    await traders.create(newTrader())
    let locked = () => {}
    const isLocked = new Promise<void>((resolve) => {
      locked = resolve
    })
    const order: string[] = []
    const intending = stores.transaction(async (inside) => {
      const trader = await inside.traders.lock()
      locked()
      await new Promise((resolve) => setTimeout(resolve, 20))
      order.push(trader!.level)
    })
    await isLocked
    const halting = stores.transaction(async (inside) => {
      await inside.traders.lock()
      await inside.traders.change({ level: 'halted' })
      order.push('said')
    })
    await Promise.all([intending, halting])
    await stores.transaction(async (inside) => order.push((await inside.traders.lock())!.level))
    expect(order).toEqual(['active', 'said', 'halted'])
  })

  test('a transaction that is undone leaves the trader as it was, and its starts', async () => {
    const made = await traders.create(newTrader())
    const undone = stores.transaction(async (inside) => {
      await inside.traders.change({ level: 'off' })
      await inside.traders.recordStart(EVENING, EVENING)
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    expect(await traders.find()).toEqual(made)
    expect(await traders.recordStart(EVENING, EVENING)).toBe(1)
  })

  test('a start counts itself and those before it that are not too old, also of the same instant', async () => {
    const start = (second: number) => traders.recordStart(secondAt(second), plus(secondAt(second), -600_000))
    expect([await start(0), await start(0), await start(60)]).toEqual([1, 2, 3])
    expect([await start(600), await start(601), await start(1_201)]).toEqual([4, 3, 2])
  })

  test('a start is entered before there is a trader', async () => {
    expect(await traders.recordStart(EVENING, EVENING)).toBe(1)
    expect(await traders.find()).toBeNull()
  })
}

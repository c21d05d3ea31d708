import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { plus } from '../../src/market/time.ts'
import type { BookedExecution, ExecutionStore, NewExecution } from '../../src/ports/executions.ts'
import type { Stores } from '../../src/ports/stores.ts'
import { EVENING, secondAt } from '../support/bars.ts'
import { newExecution, newIntent } from '../support/trading.ts'

/** What any store of executions does. `open` gives an empty one, asked for before each test. */
export function executionStoreContract(open: () => Promise<Stores>): void {
  let stores: Stores
  let executions: ExecutionStore
  let intent: string

  beforeEach(async () => {
    stores = await open()
    executions = stores.executions
    intent = (await stores.intents.create(newIntent())).id
  })

  const book = async (fields: Partial<NewExecution> = {}): Promise<BookedExecution> =>
    (await executions.book(newExecution({ intent, ...fields })))!

  const roots = (booked: readonly BookedExecution[]) =>
    booked.map(({ root, revision }) => `${root}/${revision}`)

  test('an execution is booked as it was told, once', async () => {
    const told = newExecution({ intent, permId: 2 ** 40, price: 178.12345678, quantity: 37 })
    const booked = await executions.book(told)
    expect(booked).toEqual({ ...told, ordinal: expect.any(Number) })
    expect(await executions.book({ ...told, quantity: 99, bookedAt: secondAt(9) })).toBeNull()
    expect(await executions.ours()).toEqual([booked])
    expect(await executions.position('SPY')).toBe(37)
  })

  test('of those that book one execution at the same time one does', async () => {
    const told = newExecution({ intent })
    const booking = [1, 2, 3].map(() => stores.transaction((inside) => inside.executions.book(told)))
    const booked = (await Promise.all(booking)).filter((each) => each !== null)
    expect(booked).toHaveLength(1)
    expect(await executions.position('SPY')).toBe(100)
  })

  test('the position is what was bought less what was sold, of each symbol alone', async () => {
    expect(await executions.position('SPY')).toBe(0)
    await book({ quantity: 60 })
    await book({ quantity: 40 })
    await book({ side: 'sell', quantity: 30 })
    await book({ symbol: 'QQQ', side: 'sell', quantity: 5 })
    expect([await executions.position('SPY'), await executions.position('QQQ')]).toEqual([70, -5])
    await book({ side: 'sell', quantity: 70 })
    expect(await executions.position('SPY')).toBe(0)
  })

  test('a correction takes the place of what it corrects, and a bust leaves nothing', async () => {
    const first = await book({ quantity: 100, price: 178 })
    await book({ quantity: 10 })
    const corrected = await book({ root: first.root, revision: 2, quantity: 80, price: 177.5 })
    expect(await executions.position('SPY')).toBe(90)
    expect((await executions.ofIntent(intent)).find(({ root }) => root === first.root)).toEqual(corrected)
    await book({ root: first.root, revision: 3, quantity: 0 })
    expect(await executions.position('SPY')).toBe(10)
    expect(await executions.ours()).toHaveLength(2)
  })

  test('a correction may turn the side, or come before what it corrects', async () => {
    const corrected = await book({ revision: 2, side: 'sell', quantity: 20 })
    expect(await executions.position('SPY')).toBe(-20)
    expect(await book({ root: corrected.root, revision: 1, quantity: 100 })).not.toBeNull()
    expect(await executions.position('SPY')).toBe(-20)
    expect(await executions.ours()).toEqual([corrected])
  })

  test('a revision counts as a number', async () => {
    const { root } = await book({ revision: 9, quantity: 9 })
    await book({ root, revision: 10, quantity: 10 })
    expect(await executions.position('SPY')).toBe(10)
  })

  test('what others did is kept, but it is no position of ours; an adjustment is', async () => {
    const foreign = await book({ intent: null, quantity: 500 })
    const synthetic = await book({ intent: null, isSynthetic: true, side: 'sell', quantity: 25 })
    expect(await executions.position('SPY')).toBe(-25)
    expect(await executions.ours()).toEqual([synthetic])
    expect(await executions.list({ limit: 9 })).toEqual([synthetic, foreign])
  })

  test('a root whose newest revision is not ours is not ours any more', async () => {
    const { root } = await book()
    await book({ root, revision: 2, intent: null })
    expect(await executions.position('SPY')).toBe(0)
    expect(await executions.ours()).toEqual([])
    expect(await executions.ofIntent(intent)).toEqual([])
  })

  test('ours are told in the order of their time, those of one time as they were booked', async () => {
    const [late, early, same] = [
      await book({ time: secondAt(9) }),
      await book({ time: secondAt(1) }),
      await book({ time: secondAt(9) }),
    ]
    expect(await executions.ours()).toEqual([early, late, same])
    expect(await executions.ours(secondAt(9))).toEqual([late, same])
    expect(await executions.ours(plus(secondAt(9), 1))).toEqual([])
  })

  test('those of an intent are its own alone, in the same order', async () => {
    const exit = (await stores.intents.create(newIntent({ purpose: 'exit', side: 'sell' }))).id
    const [second, first] = [await book({ time: secondAt(2) }), await book({ time: secondAt(1) })]
    const sold = await book({ intent: exit, side: 'sell', quantity: 200 })
    expect(await executions.ofIntent(intent)).toEqual([first, second])
    expect(await executions.ofIntent(exit)).toEqual([sold])
    expect(await executions.ofIntent('none')).toEqual([])
  })

  test('what it cost is told once, and what is told anew is news', async () => {
    const { root } = await book()
    const tell = (commission: number, pnl: number | null, revision = 1) =>
      executions.tellCommission(root, revision, commission, pnl)
    expect(await tell(1.0512, null)).toBe(true)
    expect(await tell(1.0512, null)).toBe(false)
    expect((await executions.ours())[0]).toMatchObject({ commission: 1.0512, realizedPnl: null })
    expect([await tell(1.0512, -3.7), await tell(1.0512, -3.7), await tell(1, -3.7)]).toEqual([
      true,
      false,
      true,
    ])
    expect(await tell(1, null)).toBe(true)
    expect((await executions.ours())[0]).toMatchObject({ commission: 1, realizedPnl: null, quantity: 100 })
    expect(await tell(1, null, 2)).toBe(false)
    expect(await executions.tellCommission('none', 1, 1, null)).toBe(false)
  })

  test('the list is newest first, a page at a time, without what was corrected', async () => {
    const made = [await book(), await book(), await book(), await book()]
    made.push(await book({ root: made[1]!.root, revision: 2 }))
    const expected = [made[4]!, made[3]!, made[2]!, made[0]!]
    const first = await executions.list({ limit: 3 })
    expect(first).toEqual(expected.slice(0, 3))
    expect(await executions.list({ limit: 3, before: first[2]!.ordinal })).toEqual(expected.slice(3))
  })

  test('what is held, and the closed round trips a page at a time, are what a count from the start makes of it', async () => {
    const booking = fc.record({
      symbol: fc.constantFrom('A', 'B', 'C'),
      side: fc.constantFrom('buy' as const, 'sell' as const),
      quantity: fc.constantFrom(0, 1, 1, 1, 2),
      second: fc.integer({ min: 0, max: 20 }),
      owner: fc.constantFrom('intent', 'intent', 'intent', 'nobody', 'adjustment'),
      /** Of the root of the booking before it. */
      revises: fc.boolean(),
    })
    const property = fc.asyncProperty(fc.array(booking, { maxLength: 40 }), async (bookings) => {
      await stores.executions.ours().then(async (all) => {
        for (const each of all) await book({ root: each.root, revision: 99, quantity: 0 })
      })
      let root = newExecution().root
      let revision = 1
      for (const { second, owner, revises, ...fields } of bookings) {
        if (revises) revision++
        else [root, revision] = [newExecution().root, 1]
        const ownership = { intent: owner === 'intent' ? intent : null, isSynthetic: owner === 'adjustment' }
        await book({ ...fields, ...ownership, root, revision, time: secondAt(second) })
      }
      const { held, trips } = counted(await executions.ours())
      expect(await executions.held()).toEqual(held)
      const all = await executions.trips({ limit: 99 })
      expect(all.map(({ executions }) => executions)).toEqual(trips)
      expect(all.map(({ ordinal }) => ordinal)).toEqual(trips.map((_, i) => trips.length - 1 - i))
      expect(await executions.trips({ limit: 2, before: trips.length - 1 })).toEqual(all.slice(1, 3))
    })
    await fc.assert(property, { numRuns: 15 })
  })

  test('nothing is booked on an intent that is not there', async () => {
    await expect(book({ intent: 'none' })).rejects.toThrow()
    expect(await executions.position('SPY')).toBe(0)
  })

  test('a booking goes with its transaction', async () => {
    const undone = stores.transaction(async (inside) => {
      await inside.executions.book(newExecution({ intent }))
      expect(await inside.executions.position('SPY')).toBe(100)
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    expect(await executions.position('SPY')).toBe(0)
  })

  test('however they are told, in whatever order and how often, the newest of each root is what counts', async () => {
    let runs = 0
    const told = fc.record({
      root: fc.integer({ min: 1, max: 4 }),
      revision: fc.integer({ min: 1, max: 12 }),
      side: fc.constantFrom('buy' as const, 'sell' as const),
      quantity: fc.integer({ min: 0, max: 300 }),
      isOurs: fc.boolean(),
    })
    const tellings = fc.array(told, { maxLength: 24 })
    const property = fc.asyncProperty(tellings, async (reports) => {
      const symbol = `S${++runs}`
      const kept = new Map<string, (typeof reports)[number]>()
      for (const { isOurs, ...report } of reports) {
        const owner = isOurs ? intent : null
        const key = `${report.root}/${report.revision}`
        const fields = { ...report, root: `${symbol}.${report.root}`, symbol, intent: owner }
        expect((await executions.book(newExecution(fields))) !== null).toBe(!kept.has(key))
        if (!kept.has(key)) kept.set(key, { ...report, isOurs })
      }
      const newest = [1, 2, 3, 4].flatMap((root) => {
        const revisions = [...kept.values()].filter((each) => each.root === root)
        return revisions.sort((a, b) => b.revision - a.revision).slice(0, 1)
      })
      const ours = newest.filter(({ isOurs }) => isOurs)
      const shares = ours.reduce(
        (sum, { side, quantity }) => sum + (side === 'buy' ? quantity : -quantity),
        0,
      )
      expect(await executions.position(symbol)).toBe(shares)
      const listed = (await executions.ours()).filter((each) => each.symbol === symbol)
      expect(roots(listed).sort()).toEqual(
        ours.map((each) => `${symbol}.${each.root}/${each.revision}`).sort(),
      )
    })
    await fc.assert(property, { numRuns: 15 })
  })

  test('an instant keeps its milliseconds', async () => {
    const time = plus(EVENING, 123)
    await book({ time, bookedAt: plus(EVENING, 456) })
    expect((await executions.ours())[0]).toMatchObject({ time, bookedAt: plus(EVENING, 456) })
  })
}

/** What is held and the closed round trips, newest first, counted one execution after the other. */
function counted(ours: readonly BookedExecution[]) {
  const open = new Map<string, BookedExecution[]>()
  const trips: BookedExecution[][] = []
  for (const execution of ours) {
    if (execution.quantity === 0) continue
    const trip = [...(open.get(execution.symbol) ?? []), execution]
    const shares = trip.reduce((sum, { side, quantity }) => sum + (side === 'buy' ? quantity : -quantity), 0)
    open.set(execution.symbol, shares === 0 ? [] : trip)
    if (shares === 0) trips.unshift(trip)
  }
  return { held: ours.filter((each) => open.get(each.symbol)?.includes(each)), trips }
}

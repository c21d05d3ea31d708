import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Bookings } from '../../../src/trading/bookings.ts'
import { holdingOf, resultOf, tripNews } from '../../../src/trading/trips.ts'
import { after, execution } from '../samples.ts'

const sale = (n: number, quantity: number, price: number) => execution(n, { side: 'sell', quantity, price })

test('what is held is the sum of the executions, and its cost their average', () => {
  const holding = holdingOf([
    execution(1, { quantity: 4, price: 100 }),
    execution(2, { quantity: 6, price: 101 }),
  ])
  expect(holding.quantity).toBe(10)
  expect(holding.averagePrice).toBeCloseTo(100.6, 10)
  expect(holding.open).toHaveLength(2)
})

test('from flat to flat is a trip; the next one begins anew', () => {
  const holding = holdingOf([execution(1), sale(2, 10, 102), execution(3, { price: 103 })])
  expect(holding.closed).toHaveLength(1)
  expect(holding).toMatchObject({ quantity: 10, averagePrice: 103 })
})

test('more sold than held is told as it is', () => {
  const holding = holdingOf([execution(1), sale(2, 15, 102)])
  expect(holding.quantity).toBe(-5)
  expect(holding.averagePrice).toBeNaN()
})

test('a busted execution counts for nothing', () => {
  expect(holdingOf([execution(1), execution(2, { quantity: 0 })]).quantity).toBe(10)
})

test('a trip comes to its sales less its purchases less commissions, which may not be known yet', () => {
  const trip = [
    execution(1, { quantity: 4, price: 100 }),
    execution(2, { quantity: 6, price: 101 }),
    sale(3, 10, 102),
  ]
  expect(resultOf(trip)).toMatchObject({ quantity: 10, entryPrice: 100.6, exitPrice: 102, commission: 3 })
  expect(resultOf(trip).grossPnl).toBeCloseTo(14, 10)
  expect(resultOf(trip).netPnl).toBeCloseTo(11, 10)
  expect(
    resultOf([...trip, sale(4, 0, 1)].map((each, i) => (i === 0 ? { ...each, commission: null } : each))),
  ).toMatchObject({
    commission: null,
    netPnl: null,
    returnPct: null,
  })
})

test('the money of a trip is told without the noise of its sums', () => {
  const trip = [
    execution(1, { quantity: 3, price: 166.27, commission: 0.1 }),
    { ...sale(2, 3, 166.4), commission: 0.2 },
  ]
  expect(resultOf(trip)).toMatchObject({ grossPnl: 0.39, commission: 0.3, netPnl: 0.09 })
})

test('opening and closing are told once each', () => {
  const [flat, long] = [holdingOf([]), holdingOf([execution(1)])]
  const closed = holdingOf([execution(1), sale(2, 10, 102)])
  const reason = () => 'because'
  expect(tripNews(flat, long, reason, after(1)).map(({ type }) => type)).toEqual(['trade.opened'])
  expect(tripNews(long, long, reason, after(1))).toEqual([])
  expect(tripNews(long, closed, reason, after(2))).toMatchObject([
    { type: 'trade.closed', data: { grossPnl: 20, commission: 2, netPnl: 18, exitReason: 'because' } },
  ])
})

test('after every booking, corrections too, the position is the sum of the newest revisions (I4)', () => {
  const booking = fc.record({
    root: fc.nat(5),
    revision: fc.integer({ min: 1, max: 3 }),
    side: fc.constantFrom('buy' as const, 'sell' as const),
    quantity: fc.nat(10),
  })
  fc.assert(
    fc.property(fc.array(booking, { maxLength: 20 }), (all) => {
      let bookings = Bookings.of([])
      const newest = new Map<number, (typeof all)[number]>()
      for (const [i, { root, revision, side, quantity }] of all.entries()) {
        const known = newest.get(root)
        if (known === undefined || known.revision < revision)
          newest.set(root, { root, revision, side, quantity })
        else if (known.revision === revision) continue
        bookings = bookings.and(execution(i, { root: `r${root}`, revision, side, quantity }))
        const sum = [...newest.values()].reduce(
          (held, each) => held + (each.side === 'buy' ? each.quantity : -each.quantity),
          0,
        )
        expect(bookings.holding.quantity).toBe(sum)
      }
    }),
  )
})

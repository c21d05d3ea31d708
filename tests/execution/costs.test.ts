import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Commissions } from '../../src/execution/costs.ts'
import type { CommissionPlan } from '../../src/execution/parameters.ts'
import { parseInstant } from '../../src/market/time.ts'

const at = (date: string) => parseInstant(`${date}T15:00:00Z`)

const buy = (quantity: number, price: number, date = '2024-06-03') =>
  ({ time: at(date), side: 'buy', quantity, price }) as const
const sell = (quantity: number, price: number, date = '2024-06-03') =>
  ({ time: at(date), side: 'sell', quantity, price }) as const

/** What a single fill of an account without a past is charged. */
const charged = (plan: CommissionPlan, fill: ReturnType<typeof buy | typeof sell>) =>
  new Commissions(plan).charge(fill)

// QuantConnect LEAN, InteractiveBrokersFeeModelTests (Apache-2.0), and the examples on IBKR's page.
const fixed = [
  { title: '1 share at 100 costs the minimum', fill: buy(1, 100), costs: 1 },
  { title: '1,000 shares at 100 cost 5.00', fill: buy(1_000, 100), costs: 5 },
  { title: '100 shares at 25 cost the minimum', fill: buy(100, 25), costs: 1 },
  { title: '1,000 shares at 0.25 cost the cap of 1 %', fill: buy(1_000, 0.25), costs: 2.5 },
  { title: 'a cap below the minimum is charged', fill: buy(1, 10), costs: 0.1 },
]
for (const { title, fill, costs } of fixed) {
  test(`ibkr-fixed: ${title}`, () => expect(charged('ibkr-fixed', fill)).toBeCloseTo(costs, 12))
}

const roundTripBps = [
  { plan: 'ibkr-fixed', shares: 10, bps: 3.6 },
  { plan: 'ibkr-tiered', shares: 10, bps: 1.6 },
  { plan: 'ibkr-fixed', shares: 100, bps: 0.61 },
  { plan: 'ibkr-tiered', shares: 100, bps: 0.5 },
] as const
for (const { plan, shares, bps } of roundTripBps) {
  test(`a round trip of ${shares} shares at 600 costs ${bps} bps with ${plan} in June 2024`, () => {
    const account = new Commissions(plan)
    const costs = account.charge(buy(shares, 600)) + account.charge(sell(shares, 600))
    expect((costs / (shares * 600)) * 10_000).toBeCloseTo(bps, shares === 10 ? 1 : 2)
  })
}

test('without a plan nothing is charged', () => expect(charged('none', sell(100, 600))).toBe(0))

/** Fees of a sale alone: what it costs more than the purchase. */
const onSale = (date: string, quantity: number, price: number) =>
  charged('ibkr-fixed', sell(quantity, price, date)) - charged('ibkr-fixed', buy(quantity, price, date))

const million = 10_000 // shares at 100
const sales = [
  { date: '1999-03-01', fees: 1_000_000 / 30_000, of: 'a three-hundredth of one percent' },
  { date: '2002-02-01', fees: 15, of: 'section 31 alone' },
  { date: '2003-03-31', fees: 25.2 + 1, of: 'the rate of nine days' },
  { date: '2009-04-09', fees: 5.6 + 0.75, of: 'the last day of a rate' },
  { date: '2009-04-10', fees: 25.7 + 0.75, of: 'the first day of the next' },
  { date: '2013-10-08', fees: 17.4 + 1.19, of: 'section 31 and TAF' },
  { date: '2024-11-01', fees: 27.8 + 1.66 + 0.48, of: 'section 31, TAF and CAT' },
  { date: '2025-06-02', fees: 1.66 + 0.35, of: 'no section 31' },
  { date: '2026-08-03', fees: 20.6 + 1.95 + 0.03, of: 'section 31, TAF and CAT' },
  { date: '2026-11-02', fees: 20.6 + 0.03, of: 'a suspended TAF' },
]
for (const { date, fees, of } of sales) {
  test(`a sale of a million dollars on ${date} pays ${of}`, () =>
    expect(onSale(date, million, 100)).toBeCloseTo(fees, 9))
}

test('TAF is capped for one trade', () => {
  expect(onSale('2013-10-08', 1_000_000, 1)).toBeCloseTo(17.4 + 5.95, 9)
})

test('dates are those of New York: a sale at 23:30 there pays the old rate', () => {
  const evening = { ...sell(million, 100), time: parseInstant('2024-05-22T03:30:00Z') }
  const bought = charged('ibkr-fixed', buy(million, 100))
  expect(charged('ibkr-fixed', evening) - bought).toBeCloseTo(8 + 1.66, 9)
})

/** IBKR's "Tiered pricing comparison examples": 200,000 shares at 5, removing liquidity. */
test('ibkr-tiered charges the example on the page of IBKR', () => {
  const costs = charged('ibkr-tiered', buy(200_000, 5))
  expect(costs).toBeCloseTo(700 + 600 + 40 + 0.39 + 0.12, 1)
})

test('ibkr-tiered charges 30,000,000 shares tier by tier', () => {
  const costs = charged('ibkr-tiered', buy(30_000_000, 5))
  const commission = 1_050 + 5_400 + 25_500 + 10_000
  expect(costs).toBeCloseTo(commission * 1.000_735 + 90_000 + 6_000, 6)
})

test('ibkr-tiered counts the shares of a month, both sides, and begins anew with the next', () => {
  const account = new Commissions('ibkr-tiered')
  account.charge(buy(150_000, 5, '2024-06-03'))
  account.charge(sell(150_000, 5, '2024-06-04'))
  const perShare = (date: string) => account.charge(buy(10_000, 5, date)) / 10_000 - 0.0032
  expect(perShare('2024-06-28')).toBeCloseTo(0.002, 5)
  expect(perShare('2024-07-01')).toBeCloseTo(0.0035, 5)
})

test('more shares never cost less, and a sale never less than a purchase', () => {
  const plan = fc.constantFrom<CommissionPlan>('none', 'ibkr-fixed', 'ibkr-tiered')
  const day = fc.integer({ min: 0, max: 28 * 365 }).map((n) => new Date(Date.UTC(1998, 0, 1 + n)))
  const shares = fc.integer({ min: 1, max: 1_000_000 })
  const price = fc.double({ min: 0.01, max: 1_000, noNaN: true })
  fc.assert(
    fc.property(plan, day, shares, shares, price, (chosen, when, few, more, each) => {
      const date = when.toISOString().slice(0, 10)
      const less = charged(chosen, buy(few, each, date))
      expect(charged(chosen, buy(few + more, each, date))).toBeGreaterThanOrEqual(less)
      expect(charged(chosen, sell(few, each, date))).toBeGreaterThanOrEqual(less)
    }),
  )
})

import { expect, test } from 'vitest'
import { accountFor } from '../../../src/trading/accountCheck.ts'
import { priceSplitOf, splitOf } from '../../../src/trading/split.ts'
import { holdingOf } from '../../../src/trading/trips.ts'
import { execution } from '../samples.ts'

const PAPER = { kind: 'paper' } as const
const LIVE = { kind: 'live', account: 'U7654321' } as const

test('a paper account is traded, and stays the one', () => {
  expect(accountFor(PAPER, { accounts: ['DU1', 'DU2'] }, null)).toEqual({ account: 'DU1' })
  expect(accountFor(PAPER, { accounts: ['DU1', 'DU2'] }, 'DU2')).toEqual({ account: 'DU2' })
})

test.each([
  ['a live account', PAPER, ['U1234567'], null],
  ['a live account among others', PAPER, ['DU1', 'U1234567'], null],
  ['another paper account than before', PAPER, ['DU9'], 'DU1'],
  ['no account at all', PAPER, [], null],
  ['a live account that is not the named one', LIVE, ['U1234567'], null],
  ['a paper account where a live one is named', LIVE, ['DU1'], null],
  ['a live account after a paper one was traded', LIVE, ['U7654321'], 'DU1'],
] as const)('%s is refused (I9)', (_, policy, accounts, known) => {
  expect(accountFor(policy, { accounts }, known)).toHaveProperty('refusal')
})

test('the live account that is named is traded', () => {
  expect(accountFor(LIVE, { accounts: ['DU1', 'U7654321'] }, null)).toEqual({ account: 'U7654321' })
})

const LONG = holdingOf([execution(1)])

test.each([
  ['four for one', 40, 25],
  ['three for two', 15, 66.67],
  ['one for two', 5, 200],
])('a split is recognised: %s', (_, position, cost) => {
  expect(splitOf(LONG, position, cost)).toContain('looks like a split')
})

test.each([
  ['more shares at the same cost', 20, 100],
  ['a ratio that no company gives', 17, 58.8],
  ['nothing left', 0, 0],
  ['short', -10, 100],
])('a difference is no split: %s', (_, position, cost) => {
  expect(splitOf(LONG, position, cost)).toBeNull()
})

test('a leap of the price overnight is told, a fall is not', () => {
  expect(priceSplitOf(500, 125.3)).toContain('looks like a split')
  expect(priceSplitOf(10, 99.5)).toContain('looks like a split')
  expect(priceSplitOf(100, 92)).toBeNull()
  expect(priceSplitOf(100, 107)).toBeNull()
})

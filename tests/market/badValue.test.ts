import fc from 'fast-check'
import { expect, test } from 'vitest'
import { faultOf, sampleOf } from '../../src/market/badValue.ts'
import type { Bar } from '../../src/market/series.ts'
import { bar, someSeconds } from '../support/bars.ts'

const CASES: [title: string, fields: Partial<Bar>, fault: string][] = [
  ['a price that is no number', { open: Number.NaN }, 'a price is no number'],
  ['an infinite price', { high: Number.POSITIVE_INFINITY }, 'a price is no number'],
  ['a price of zero', { low: 0 }, 'a price is zero or below'],
  ['a price of -1', { close: -1 }, 'a price is zero or below'],
  ['a high below the low', { high: 177, low: 178 }, 'high < low'],
  ['a close above the high', { close: 179 }, 'open or close is beyond high or low'],
  ['no volume', { volume: Number.NaN }, 'the volume is missing or below zero'],
  ['a negative volume', { volume: -1 }, 'the volume is missing or below zero'],
  ['3 billion shares in a second', { volume: 3e9 }, 'the volume is absurd'],
  ['an infinite vwap', { vwap: Number.POSITIVE_INFINITY }, 'the average price is no price'],
  ['a negative trade count', { tradeCount: -1 }, 'the trade count is absurd'],
]
test.each(CASES)('%s is a fault', (_, fields, fault) => expect(faultOf(bar(0, fields), '1s')).toBe(fault))

test('a day may trade what a second may not', () => expect(faultOf(bar(0, { volume: 3e9 }), '1d')).toBeNull())

test('a bar that can be one has no fault', () => {
  fc.assert(fc.property(someSeconds, (bars) => bars.every((each) => faultOf(each, '1s') === null)))
})

test('a sample is JSON, whatever the values', () => {
  expect(JSON.parse(sampleOf(bar(0, { open: Number.NaN, vwap: null })))).toMatchObject({
    ...{ time: '2014-01-31T23:40:00Z', open: 'NaN', high: 178.2, vwap: null },
  })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BAR_SIZES, barSizeMs, isBarSize, isSmallBar } from '../../src/market/barSize.ts'
import { DEFAULT_PRICE_SCALE, scaledPrice, unscaledPrice } from '../../src/market/instrument.ts'
import { epochMs, floorTo, isoInstant } from '../../src/market/time.ts'

test('bar sizes rise from one second to one day', () => {
  const lengths = BAR_SIZES.map(barSizeMs)
  expect(lengths).toEqual([...lengths].sort((a, b) => a - b))
  expect([lengths[0], lengths.at(-1)]).toEqual([1_000, 86_400_000])
})

test('bars of up to 30 seconds are small', () => {
  expect(BAR_SIZES.filter(isSmallBar)).toEqual(['1s', '5s', '10s', '15s', '30s'])
})

test.each(['7m', '60s', '', '1S'])('%j is no bar size', (text) => expect(isBarSize(text)).toBe(false))

test.each([1.5, Number.NaN, Number.POSITIVE_INFINITY, 9e15])('%d is no instant', (value) => {
  expect(() => epochMs(value)).toThrow(RangeError)
})

test('an instant is floored to steps from the epoch, before it too', () => {
  expect(floorTo(epochMs(1_999), 1_000)).toBe(1_000)
  expect(floorTo(epochMs(-1), 1_000)).toBe(-1_000)
})

test('an instant is written as a Date writes it, without the fraction of a whole second', () => {
  const instants = fc.integer({ min: -8.64e15, max: 8.64e15 })
  const written = (at: number) => new Date(at).toISOString().replace('.000Z', 'Z')
  fc.assert(
    fc.property(instants, fc.integer({ min: 0, max: 90_000 }), (at, later) => {
      const second = Math.min(8.64e15, floorTo(epochMs(at), 1_000) + later * 1_000)
      for (const each of [at, second]) expect(isoInstant(epochMs(each))).toBe(written(each))
    }),
  )
})

test('a price of four decimals comes back from its stored integer', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2_000_000_000 }), (scaled) => {
      const price = unscaledPrice(scaled, DEFAULT_PRICE_SCALE)
      expect(price).toBe(Number(`${Math.floor(scaled / 10_000)}.${String(scaled % 10_000).padStart(4, '0')}`))
      expect(scaledPrice(price, DEFAULT_PRICE_SCALE)).toBe(scaled)
    }),
  )
})

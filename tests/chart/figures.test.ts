import { expect, test } from 'vitest'
import {
  compact,
  counted,
  decimal,
  exactPrice,
  money,
  percent,
  signed,
  signedPercent,
} from '../../src/chart/figures.ts'

const cases: readonly [written: string, title: string, expected: string][] = [
  [decimal(1_234_567.891, 2), 'thousands are grouped', '1,234,567.89'],
  [decimal(-5, 0), 'a minus is a minus, no hyphen', '−5'],
  [decimal(-0.001, 2), 'a negative number that rounds to nothing has no sign', '0.00'],
  [signed(0.001, 2), 'nor has a positive one', '0.00'],
  [signed(12.5, 1), 'a gain has a plus', '+12.5'],
  [percent(0.0421), 'small shares have two digits', '4.21\u00A0%'],
  [percent(0.421), 'larger ones have one', '42.1\u00A0%'],
  [signedPercent(-7.2731), 'multiples have none', '−727\u00A0%'],
  [money(0.5), 'money has cents', '0.50'],
  [exactPrice(167.5), 'a price has cents', '167.50'],
  [exactPrice(167.4125), 'and what is beyond them', '167.4125'],
  [exactPrice(167.41), 'without empty digits', '167.41'],
  [compact(950), 'few shares are counted', '950'],
  [compact(12_345), 'thousands are told in three digits', '12.3k'],
  [compact(5_000_000), 'millions too', '5M'],
  [counted(1, 'trade'), 'one is singular', '1 trade'],
  [counted(2_000, 'candle'), 'more are plural', '2,000 candles'],
]

for (const [written, title, expected] of cases)
  test(`${title}: ${expected}`, () => {
    expect(written).toBe(expected)
  })

import { expect, test } from 'vitest'
import { type TimeTicks, timeTicks } from '../../src/chart/timeTicks.ts'
import type { BarSize } from '../../src/market/barSize.ts'
import { walkedSubject } from '../support/chartSubject.ts'

const WIDTH = 1_200

/** The ticks of so many candles over 1,200 pixels. */
function ticksOf(count: number, size: BarSize, from: string): TimeTicks {
  const { candles } = walkedSubject({ count, size, from }).outcome
  return timeTicks(candles.time.subarray(0, count), WIDTH / count)
}

const labels = (ticks: TimeTicks['fine']): string[] => ticks.map(({ label }) => label)

const cases: { title: string; run: [number, BarSize, string]; fine: string[]; coarse: string[] }[] = [
  {
    title: 'the clocks of New York go back on 3 November: the session still opens at 09:30',
    run: [14, '1h', '2013-11-01T00:00:00Z'],
    fine: ['09:30', '10:30', '11:30', '12:30', '13:30', '14:30', '15:30', '09:30', '10:30', '11:30', '12:30'],
    coarse: ['Fri 1 Nov 2013', 'Mon 4 Nov 2013'],
  },
  {
    title: 'they go forward on 10 March: so does the axis',
    run: [14, '1h', '2013-03-08T00:00:00Z'],
    fine: ['09:30', '10:30', '11:30', '12:30', '13:30', '14:30', '15:30', '09:30', '10:30', '11:30', '12:30'],
    coarse: ['Fri 8 Mar 2013', 'Mon 11 Mar 2013'],
  },
  {
    title: 'an hour of minutes is cut by minutes',
    run: [60, '1m', '2013-10-07T00:00:00Z'],
    fine: ['09:30', '09:35', '09:40', '09:45', '09:50', '09:55', '10:00'],
    coarse: ['Mon 7 Oct 2013'],
  },
  {
    title: 'seconds are told where candles have them',
    run: [60, '1s', '2013-10-07T00:00:00Z'],
    fine: ['09:30', '09:30:05', '09:30:10'],
    coarse: ['Mon 7 Oct 2013'],
  },
  {
    title: 'a month of days is cut by days, with weekdays where there is room',
    run: [23, '1d', '2013-10-07T00:00:00Z'],
    fine: ['Mon 7', 'Tue 8', 'Wed 9', 'Thu 10', 'Fri 11', 'Mon 14'],
    coarse: ['Oct 2013', 'Nov 2013'],
  },
  {
    title: 'two years of days are cut by months',
    run: [500, '1d', '2013-10-07T00:00:00Z'],
    fine: ['Oct', 'Nov', 'Dec', 'Jan', 'Feb'],
    coarse: ['2013', '2014', '2015'],
  },
]

for (const { title, run, fine, coarse } of cases) {
  test(title, () => {
    const ticks = ticksOf(...run)
    expect(labels(ticks.fine).slice(0, fine.length)).toEqual(fine)
    expect(labels(ticks.coarse)).toEqual(coarse)
  })
}

test('a time of day stands at its own candle, a day before its first one', () => {
  const { fine, coarse } = ticksOf(156, '5m', '2013-10-07T00:00:00Z')
  expect(coarse.map(({ slot, line }) => [slot, line])).toEqual([
    [0, -0.5],
    [78, 77.5],
  ])
  expect(fine.find(({ label }) => label === '10:00')).toMatchObject({ slot: 6, line: 6 })
})

test('an axis without a candle has no ticks', () => {
  expect(timeTicks(new Float64Array(), 1_200)).toEqual({ fine: [], coarse: [] })
})

import { barSizeMs } from '../market/barSize.ts'
import { answeredSpans, type CoverageRange } from '../market/coverage.ts'
import { type BarSeries, lowerBound } from '../market/series.ts'
import type { EpochMs } from '../market/time.ts'
import type { HistoricalAnswer, HistoricalRequest } from '../ports/marketData.ts'

export type BarsAnswer = Extract<HistoricalAnswer, { kind: 'bars' }>

/** What an answer has made of the range that was asked for. A good bar of the same time makes up for a bad row. */
export function outcomeOf(request: HistoricalRequest, { bars, rejected }: BarsAnswer): CoverageRange[] {
  const bad = rejected.map(({ time }) => time).filter((time) => time === null || !hasBarAt(bars, time))
  return answeredSpans(request, bad, barSizeMs(request.size))
}

function hasBarAt(bars: BarSeries, time: EpochMs): boolean {
  const i = lowerBound(bars, time)
  return i < bars.length && bars.time[i] === time
}

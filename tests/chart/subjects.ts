import fc from 'fast-check'
import type { ChartSubject, ReportSubject } from '../../src/chart/subject.ts'
import { walkedSubject } from '../support/chartSubject.ts'

/** Runs of all kinds: short and long, with any parameters, and with values missing where they may be. */
export const someSubject: fc.Arbitrary<ReportSubject> = fc
  .record({
    count: fc.oneof(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 9, max: 700 })),
    seed: fc.integer({ min: 1, max: 1_000 }),
    size: fc.constantFrom('1m', '5m', '1h', '1d'),
    from: fc.constantFrom('2013-10-07T00:00:00Z', '2013-10-30T00:00:00Z', '1999-12-27T00:00:00Z'),
    length: fc.constantFrom(2, 20, 50),
    side: fc.integer({ min: 1, max: 4 }),
    fill: fc.constantFrom('open', 'close'),
    guard: fc.boolean(),
    holes: fc.boolean(),
  })
  .map(({ length, side, fill, guard, holes, ...walk }) => {
    const subject = walkedSubject(walk, {
      strategy: { left: side, right: side, length, guard, ties: 'any', stop: 'latest' },
      execution: { fill, commission: 'ibkr-fixed' },
    })
    return holes ? withHoles(subject) : subject
  })

/** The same with values missing in every column that a picture draws. */
function withHoles<Subject extends ChartSubject>(subject: Subject): Subject {
  const { candles, lines, statistics } = subject.outcome
  for (const [k, column] of [...Object.values(lines), candles.volume, candles.high].entries()) {
    for (let i = k; i < column.length; i += 5) column[i] = Number.NaN
  }
  const reasons = { totalReturn: 'unknown', buyAndHoldReturn: 'unknown' }
  const unknown = { ...statistics, totalReturn: null, buyAndHoldReturn: null, maxDrawdown: null, reasons }
  return { ...subject, outcome: { ...subject.outcome, statistics: unknown } }
}

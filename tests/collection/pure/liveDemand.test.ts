import { expect, test } from 'vitest'
import { liveDemand } from '../../../src/collection/collect.ts'
import { MINUTE_MS, parseInstant, plus } from '../../../src/market/time.ts'

const demandAt = (instant: string): number => {
  const from = parseInstant(instant)
  return liveDemand('rth')({ from, to: plus(from, 10 * MINUTE_MS) }).live
}

const CASES = [
  ['in the middle of a session every tick of ten minutes is kept', '2026-06-01T15:00:00Z', 40],
  ['five minutes before the open the first five minutes are kept', '2026-06-01T13:25:00Z', 20],
  ['two minutes before the close eight ticks are kept', '2026-06-01T19:58:00Z', 8],
  ['at night nothing is kept', '2026-06-01T03:00:00Z', 0],
  ['on a holiday nothing is kept', '2026-07-03T15:00:00Z', 0],
] as const
for (const [title, instant, places] of CASES) {
  test(title, () => expect(demandAt(instant)).toBe(places))
}

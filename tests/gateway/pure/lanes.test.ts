import { expect, test } from 'vitest'
import { liveDemand } from '../../../src/collection/collect.ts'
import { decide, shareOf } from '../../../src/gateway/pacingDecision.ts'
import { pacingRules } from '../../../src/gateway/pacingRules.ts'
import { PENALTY_RULES, penaltyRow } from '../../../src/gateway/penalty.ts'
import { type EpochMs, epochMs, MINUTE_MS, parseInstant, plus, SECOND_MS } from '../../../src/market/time.ts'
import type { Lane } from '../../../src/ports/pacing.ts'
import type { PacedRequest } from '../../../src/ports/pacingLedger.ts'

const RULES = pacingRules(1)
const OPEN = parseInstant('2024-06-03T13:30:00Z')
const demand = liveDemand('rth')

/** Two hours around the open: a backlog asks as often as it may, a tick every 15 s for one symbol in turn. */
function day(symbols: number): { rows: PacedRequest[]; lateMs: number[] } {
  const rows: PacedRequest[] = []
  const lateMs: number[] = []
  let freeAt: EpochMs = plus(OPEN, -30 * MINUTE_MS)
  const ask = (lane: Lane, n: number, at: EpochMs) => {
    const wanted = { lane, weight: 1, signature: `${lane}${n}`, contract: `c${n % symbols}` }
    return decide(rows, wanted, at, RULES, demand)
  }
  for (let at = freeAt, n = 0; at < OPEN + 90 * MINUTE_MS; at = plus(at, SECOND_MS), n++) {
    if (at >= OPEN && (at - OPEN) % (15 * SECOND_MS) === 0) {
      const live = ask('live', (at - OPEN) / (15 * SECOND_MS), at)
      lateMs.push('freeAt' in live ? live.freeAt - at : 0)
      rows.push('freeAt' in live ? { ...request(n, symbols), at: live.freeAt } : live)
    }
    if (at < freeAt) continue
    const backlog = ask('backfill', n, at)
    if ('freeAt' in backlog) freeAt = backlog.freeAt
    else rows.push(backlog)
  }
  return { rows, lateMs }
}

const request = (n: number, symbols: number) => ({
  ...{ weight: 1, lane: 'live' as const, signature: `late${n}`, contract: `c${n % symbols}` },
})

for (const symbols of [1, 2, 4]) {
  test(`with ${symbols} symbols and a backlog, from before the open on, no tick is late by more than 1 s`, () => {
    const { rows, lateMs } = day(symbols)
    expect(Math.max(...lateMs)).toBeLessThanOrEqual(SECOND_MS)
    expect(rows.filter(({ lane }) => lane === 'live')).toHaveLength(360)
    for (const end of rows) {
      const used = rows.filter(({ at }) => at > end.at - 600_000 && at <= end.at)
      expect(used.length).toBeLessThanOrEqual(58)
    }
  })
}

test('an open session leaves room for repairs that a backlog does not take', () => {
  const now = plus(OPEN, 30 * MINUTE_MS)
  const rows: PacedRequest[] = []
  for (let n = 0; ; n++) {
    const next = decide(rows, { ...request(n, 100), lane: 'backfill' }, now, RULES, demand)
    if ('freeAt' in next) break
    rows.push(next)
  }
  const repair = { ...request(999, 1), lane: 'repair' as const, contract: 'other' }
  expect(decide(rows, repair, now, RULES, demand)).toMatchObject({ lane: 'repair' })
})

test.each([
  ['a closed market leaves a backlog everything', plus(OPEN, -30 * MINUTE_MS), 'backfill', 58],
  ['an open one what the collector does not need', plus(OPEN, 30 * MINUTE_MS), 'backfill', 15],
  ['and nothing is kept from the trader', plus(OPEN, 30 * MINUTE_MS), 'trader', 58],
] as const)('%s', (_, now, lane, share) => {
  const punished = penaltyRow([], now, PENALTY_RULES)!
  expect(shareOf(lane, [], now, RULES, demand)).toBe(share)
  expect(shareOf(lane, [punished], now, RULES, demand)).toBe(share - 6)
})

test('a request for bid and ask takes two places', () => {
  const rows = Array.from({ length: 57 }, (_, n) => ({ ...request(n, 57), at: epochMs(OPEN + n * 1_000) }))
  const now = rows.at(-1)!.at
  const two = decide(rows, { ...request(99, 1), weight: 2 }, now, RULES, () => ({}))
  expect(two).toEqual({ freeAt: OPEN + RULES.windowMs })
  expect(decide(rows, request(99, 1), now, RULES, () => ({}))).toMatchObject({ weight: 1 })
})

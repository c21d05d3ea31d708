import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decide } from '../../../src/gateway/pacingDecision.ts'
import { pacingRules } from '../../../src/gateway/pacingRules.ts'
import { type EpochMs, epochMs, plus } from '../../../src/market/time.ts'
import type { Lane } from '../../../src/ports/pacing.ts'
import type { PacedRequest } from '../../../src/ports/pacingLedger.ts'

const RULES = pacingRules(1)
const START = epochMs(Date.UTC(2026, 5, 1, 14, 0, 0))
const noDemand = () => ({})
const wanted = (lane: Lane, n: number) => ({ lane, weight: 1, signature: `s${n}`, contract: `c${n % 3}` })

/** Asks again and again, each time as early as the last answer allows, until `untilMs` have passed. */
function saturate(lane: Lane, untilMs: number, demand = noDemand, rules = RULES): PacedRequest[] {
  const rows: PacedRequest[] = []
  for (let now = START, n = 0; now < START + untilMs; n++) {
    const decision = decide(rows, wanted(lane, n), now, rules, demand)
    if ('freeAt' in decision) now = decision.freeAt
    else rows.push(decision)
  }
  return rows
}

const most = (times: readonly number[], windowMs: number): number =>
  Math.max(0, ...times.map((end) => times.filter((at) => at > end - windowMs && at <= end).length))

test('a saturated backlog never sends more than 58 in 605 s, and uses at least 95 % of that', () => {
  for (const speed of [1, 10, 60, 600]) {
    const times = saturate('backfill', 3_600_000, noDemand, pacingRules(speed)).map((row) => row.at)
    expect(most(times, 605_000)).toBe(58)
    expect(times.length).toBeGreaterThanOrEqual(0.95 * 58 * 6)
  }
})

test('no contract is asked for more than five times in 2.5 s', () => {
  const rows = saturate('backfill', 700_000)
  for (const contract of ['c0', 'c1', 'c2']) {
    const times = rows.filter((row) => row.contract === contract).map((row) => row.at)
    expect(most(times, 2_500)).toBeLessThanOrEqual(5)
  }
})

test('a burst of history leaves room for a live tick of the same contract', () => {
  const burst = saturate('backfill', 2_500)
  const decision = decide(burst, wanted('live', 999), burst.at(-1)!.at, RULES, noDemand)
  expect(decision).toMatchObject({ lane: 'live' })
})

test('an identical request waits until 15.5 s have passed', () => {
  const first = { ...wanted('live', 1), at: START }
  const soon = decide([first], wanted('live', 1), plus(START, 15_000), RULES, noDemand)
  expect(soon).toEqual({ freeAt: START + RULES.identicalMs })
  const then = decide([first], wanted('live', 1), plus(START, RULES.identicalMs), RULES, noDemand)
  expect(then).toMatchObject({ at: START + RULES.identicalMs })
})

test('the backfill keeps free what the live lane still needs', () => {
  const rows = saturate('backfill', 600_000, () => ({ live: 41 }))
  expect(rows.length).toBe(58 - 41)
  const live = decide(rows, wanted('live', 999), rows.at(-1)!.at, RULES, () => ({ live: 41 }))
  expect(live).toMatchObject({ lane: 'live' })
})

test('what the live lane has used counts towards its demand', () => {
  const live = Array.from({ length: 40 }, (_, n) => ({ ...wanted('live', n), at: plus(START, n * 15_000) }))
  const now = plus(START, 600_000)
  const decision = decide(live, wanted('backfill', 999), now, RULES, () => ({ live: 41 }))
  expect(decision).toMatchObject({ lane: 'backfill' })
})

test('a clock that runs back does not undercut the newest row', () => {
  const row = { ...wanted('live', 1), at: START }
  expect(decide([row], wanted('live', 2), plus(START, -60_000), RULES, noDemand)).toMatchObject({ at: START })
})

test('a denied request is granted at the instant that it was told', () => {
  const lane = fc.constantFrom<Lane>('live', 'backfill')
  const steps = fc.array(fc.tuple(lane, fc.nat(8), fc.nat(20_000)), { maxLength: 200 })
  fc.assert(
    fc.property(steps, (moves) => {
      const rows: PacedRequest[] = []
      let now: EpochMs = START
      for (const [from, n, waitMs] of moves) {
        now = plus(now, waitMs)
        const request = wanted(from, n)
        const decision = decide(rows, request, now, RULES, noDemand)
        if (!('freeAt' in decision)) rows.push(decision)
        else expect('freeAt' in decide(rows, request, decision.freeAt, RULES, noDemand)).toBe(false)
      }
      const times = rows.map((row) => row.at)
      expect(most(times, 600_000)).toBeLessThanOrEqual(60)
    }),
    { numRuns: 100 },
  )
})

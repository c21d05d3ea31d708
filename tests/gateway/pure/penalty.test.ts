import { expect, test } from 'vitest'
import { ledgerPacing } from '../../../src/gateway/pacing.ts'
import { decide } from '../../../src/gateway/pacingDecision.ts'
import { pacingRules } from '../../../src/gateway/pacingRules.ts'
import { PENALTY_RULES, penaltyRow } from '../../../src/gateway/penalty.ts'
import { type EpochMs, epochMs, HOUR_MS, MINUTE_MS, plus, SECOND_MS } from '../../../src/market/time.ts'
import type { Lane } from '../../../src/ports/pacing.ts'
import type { PacedRequest } from '../../../src/ports/pacingLedger.ts'
import { manualClock } from '../../support/manualClock.ts'
import { memoryLedger } from './memoryLedger.ts'

const RULES = pacingRules(1)
const START = epochMs(Date.UTC(2026, 5, 1, 14, 0, 0))
const noDemand = () => ({})
const violation = (at: EpochMs): PacedRequest => penaltyRow([], at, PENALTY_RULES)!
const request = (lane: Lane, n = 0) => ({ lane, weight: 1, signature: `s${n}`, contract: 'c' })
const freeAt = (rows: PacedRequest[], lane: Lane, now: EpochMs): number => {
  const decision = decide(rows, request(lane, 999), now, RULES, noDemand)
  return 'freeAt' in decision ? decision.freeAt - START : 0
}

test('history stands still for 60, 120, 300 and 600 s, the last again and again', () => {
  const rows: PacedRequest[] = []
  for (const seconds of [60, 120, 300, 600, 600]) {
    const at = plus(START, rows.length * 20 * MINUTE_MS)
    rows.push(violation(at))
    for (const lane of ['repair', 'backfill'] as const) {
      expect(decide(rows, request(lane), at, RULES, noDemand)).toEqual({ freeAt: at + seconds * SECOND_MS })
    }
  }
})

test('twenty requests without a violation take one step back', () => {
  const clean = Array.from({ length: 20 }, (_, n) => ({
    ...request('backfill', n),
    contract: `c${n}`,
    at: plus(START, 10 * MINUTE_MS + n * SECOND_MS),
  }))
  const again = plus(START, 20 * MINUTE_MS)
  const rows = [violation(START), violation(plus(START, MINUTE_MS)), ...clean, violation(again)]
  expect(freeAt(rows, 'backfill', again)).toBe(20 * MINUTE_MS + 120 * SECOND_MS)
})

test('live goes on at half its cadence for a minute, and the trader as before', () => {
  const last = { ...request('live'), at: plus(START, -SECOND_MS) }
  const rows = [last, violation(START)]
  expect(freeAt(rows, 'live', plus(START, 15_000))).toBe(29_000)
  expect(freeAt(rows, 'live', plus(START, MINUTE_MS))).toBe(0)
  expect(freeAt(rows, 'trader', START)).toBe(0)
})

test('a tenth of the budget is kept back for an hour', async () => {
  const market = manualClock(START)
  const pacing = ledgerPacing({ ledger: memoryLedger(), market, rules: RULES, demand: noDemand })
  await pacing.penalize()
  expect(await pacing.usage()).toMatchObject({ limit: 52, used: 0 })
  await market.advance(HOUR_MS)
  expect(await pacing.usage()).toMatchObject({ limit: 58 })
})

test('answers to requests that were under way together are one violation', async () => {
  const market = manualClock(START)
  const ledger = memoryLedger()
  const processes = [1, 2, 3].map(() => ledgerPacing({ ledger, market, rules: RULES, demand: noDemand }))
  for (const pacing of processes) await pacing.penalize()
  expect(await ledger.since(START)).toEqual([violation(START)])
  await market.advance(15_000)
  await processes[0]!.penalize()
  expect(await ledger.since(START)).toHaveLength(2)
})

test('a ledger in doubt is full for one window, and then free', async () => {
  const market = manualClock(START)
  const pacing = ledgerPacing({ ledger: memoryLedger(), market, rules: RULES, demand: noDemand })
  await pacing.assumeFull()
  expect(await pacing.usage()).toMatchObject({ used: 58, nextFreeAt: START + RULES.windowMs })
  await market.advance(RULES.windowMs)
  expect(await pacing.usage()).toMatchObject({ used: 0 })
})

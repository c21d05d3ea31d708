import { type Session, sessionsBetween } from '../../src/market/session.ts'
import { parseInstant, plus } from '../../src/market/time.ts'
import { type Assembly, type AssemblyOptions, assembled } from './assembly.ts'
import { FAULTS, type Fault } from './faults.ts'
import { HABIT, type Habit } from './person.ts'
import { SYMBOL } from './process.ts'
import { BEFORE_OPEN_MS, oneShift, shiftsOf } from './shift.ts'

export interface DaysOptions extends AssemblyOptions {
  /** Oldest first. */
  readonly sessions: readonly Session[]
  /** Rows that happen at the same time. */
  readonly faults?: readonly Readonly<Record<string, Fault>>[]
  readonly habit?: Habit
  readonly onSession?: (date: string, wrong: readonly string[]) => void
}

export interface DaysReport {
  /** A sentence each. */
  readonly wrong: readonly string[]
  /** SHA-256 of everything that happened. */
  readonly trace: string
  readonly faults: ReadonlyMap<string, number>
  readonly kills: number
  readonly entries: number
  readonly exits: number
  readonly stopped: number
  readonly nakedMs: number
  readonly decisions: ReadonlyMap<string, number>
}

/** Lets processes trade through sessions full of faults, and judges them by the broker's books. */
export async function tradingDays({
  sessions,
  faults = FAULTS,
  habit = HABIT,
  onSession,
  ...options
}: DaysOptions): Promise<DaysReport> {
  const run = assembled(options, plus(sessions[0]!.from, -BEFORE_OPEN_MS))
  await run.memory.stores.instruments.save({
    ...{ symbol: SYMBOL, conId: 756733, exchange: 'SMART', primaryExchange: 'ARCA', currency: 'USD' },
    ...{ minTick: 0.01, priceScale: 10_000, tracked: true },
  })
  const counts = new Map<string, number>()
  let kills = 0
  for (const session of sessions) {
    const before = run.witness.wrong.length
    for (const shift of shiftsOf(session)) kills += await oneShift(run, shift, { faults, habit }, counts)
    onSession?.(session.date, run.witness.wrong.slice(before))
  }
  return { ...(await report(run)), faults: counts, kills }
}

async function report({
  witness,
  trace,
  memory,
  clock,
}: Assembly): Promise<Omit<DaysReport, 'faults' | 'kills'>> {
  const { wrong, entries, exits, stopped, nakedMs } = witness
  const range = { from: parseInstant('1998-01-01T00:00:00Z'), to: clock.now() }
  const decisions = new Map<string, number>()
  for (const { outcome, hindrance } of await memory.stores.decisions.between(SYMBOL, range)) {
    const name = outcome === 'denied' ? `denied ${hindrance?.split(':')[0]}` : outcome
    decisions.set(name, (decisions.get(name) ?? 0) + 1)
  }
  return { wrong, trace: trace.digest(), entries, exits, stopped, nakedMs, decisions }
}

/** `count` sessions in a row, others for each seed; among them a half day and a change of clocks for some. */
export const tradingSessions = (seed: number, count: number): Session[] => {
  const first = (seed * 7) % 150
  return sessionsBetween(
    { from: parseInstant('2024-10-01T00:00:00Z'), to: parseInstant('2025-06-30T00:00:00Z') },
    'rth',
  ).slice(first, first + count)
}

import { type Session, sessionsBetween } from '../../src/market/session.ts'
import { DAY_MS, type EpochMs, MINUTE_MS, plus, SECOND_MS, type TimeRange } from '../../src/market/time.ts'
import { newYorkDay, newYorkInstant } from '../../src/market/zone.ts'
import { shuffled } from '../../src/simulator/faults/rows.ts'
import { FAULTS, type World } from './faults.ts'
import type { Trace } from './trace.ts'

const OPENING_MS = 2 * MINUTE_MS
/** The last faults fall into the first repairs after the close; then the day must become whole. */
const AFTER_CLOSE_MS = 50 * MINUTE_MS
/** No second is provisional so near the close: the collector's last look would be too early. */
const CLOSING_MS = 10 * MINUTE_MS
/** Calm between two faults: enough to read again what was provisional. */
const CALM_MS = { least: 75 * SECOND_MS, most: 9 * MINUTE_MS }

const RESTART_MINUTES = 23 * 60 + 45
const RESTART_MS = 90 * SECOND_MS
const LOGOUT_MINUTES = 60
const LOGOUT_MS = 20 * MINUTE_MS
const SUNDAY = 0

/** How often each fault has happened. */
export type FaultCounts = Map<string, number>

export interface Trouble {
  readonly world: World
  readonly trace: Trace
  readonly counts: FaultCounts
  /** Called when the calm after a fault has lasted. */
  readonly afterCalm: (session: Session) => Promise<void>
}

/** Faults in every session of the range, each kind in its turn, in an order that the seed decides. */
export async function trouble(
  { world, trace, counts, afterCalm }: Trouble,
  range: TimeRange,
  signal: AbortSignal,
): Promise<void> {
  let deck: string[] = []
  for (const session of sessionsBetween(range, 'rth')) {
    await world.clock.sleepUntil(plus(session.from, OPENING_MS), signal)
    while (world.clock.now() < session.to + AFTER_CLOSE_MS) {
      if (deck.length === 0) deck = shuffled(Object.keys(FAULTS), world.random)
      const name = deck.pop()!
      if (isTimely(name, world.clock.now(), session)) {
        trace.add('fault', name)
        counts.set(name, (counts.get(name) ?? 0) + 1)
        await FAULTS[name]!(world)
      }
      await world.clock.sleep(CALM_MS.least, signal)
      await afterCalm(session)
      await world.clock.sleep(world.random() * (CALM_MS.most - CALM_MS.least), signal)
    }
  }
}

const isTimely = (name: string, now: EpochMs, { to }: Session): boolean =>
  name !== 'history lateBars' || now < to - CLOSING_MS

/** What every TWS does: a restart each night, and a logout on Sunday that somebody has to end. */
export async function restarts(world: World, range: TimeRange, signal: AbortSignal): Promise<void> {
  for (let day = newYorkDay(range.from); day <= newYorkDay(range.to); day++) {
    if ((day + 4) % 7 === SUNDAY) await away(world, day, LOGOUT_MINUTES, LOGOUT_MS, signal)
    await away(world, day, RESTART_MINUTES, RESTART_MS, signal)
  }
}

async function away(
  { terminal, clock }: World,
  day: number,
  minutes: number,
  lastsMs: number,
  signal: AbortSignal,
): Promise<void> {
  const at = newYorkInstant(day, minutes * MINUTE_MS)
  if (at < clock.now()) return
  await clock.sleepUntil(at, signal)
  const comeBack = terminal.arm('restart', { for: DAY_MS / SECOND_MS })
  await clock.sleep(lastsMs, signal)
  comeBack()
}

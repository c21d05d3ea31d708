import type { SteerableClock } from '../clock/steerable.ts'
import type { World } from '../clock/world.ts'
import type { Log } from '../log.ts'
import type { Clock, EpochMs } from '../market/time.ts'
import { type Account, PAPER_ACCOUNT } from './account.ts'
import { type Calendar, keepCalendar, NO_CALENDAR } from './calendar.ts'
import type { ControlDeps } from './control/route.ts'
import { armScenario, type Scenario } from './faults/scenario.ts'
import { type Kept, keepOnChange, putBack } from './kept.ts'
import type { MarketSource } from './market.ts'
import { DEFAULT_SWITCHES, type Switches } from './switches.ts'
import type { Recorder } from './transcript/recorder.ts'
import { Tws } from './tws.ts'

export interface TerminalOptions {
  readonly market: MarketSource
  readonly world: World
  /** The machine's instant at which the world began. */
  readonly anchor: EpochMs
  /** The market's clock. */
  readonly clock: Clock
  /** The same clock, where the control port may set it. */
  readonly hands?: SteerableClock
  readonly machine: Clock
  readonly log: Log
  readonly switches?: Partial<Switches>
  /** The paper account alone when left out. */
  readonly accounts?: readonly Account[]
  readonly calendar?: Calendar
  /** What goes wrong, and when. */
  readonly scenario?: Scenario
  readonly recorder?: Recorder
  /** What an earlier process has left of its accounts and orders; in the place of `accounts`. */
  readonly kept?: Kept | null
  /** Is given what is to be kept, after each change. */
  readonly keep?: (kept: Kept) => void
}

/** A terminal with its control port, before anything happens in it. */
export interface Terminal {
  readonly tws: Tws
  readonly control: ControlDeps
  /** Begins what happens of itself: the calendar's, and what a scenario wants to go wrong. Returns what ends it. */
  beginEvents(): () => void
}

export function openTerminal(options: TerminalOptions): Terminal {
  const tws = twsOf(options)
  return { tws, control: controlOf(tws, options), beginEvents: () => beginEvents(tws, options) }
}

function twsOf(options: TerminalOptions): Tws {
  const { switches, accounts = [PAPER_ACCOUNT], kept = null, keep, ...deps } = options
  const known = kept?.accounts ?? accounts
  const tws = new Tws({ ...deps, accounts: known, switches: { ...DEFAULT_SWITCHES, ...switches } })
  if (keep) keepOnChange(tws, keep)
  if (kept) putBack(tws, kept)
  return tws
}

function controlOf(tws: Tws, { world, anchor, hands }: TerminalOptions): ControlDeps {
  return { tws, hands: hands ?? null, era: () => hands?.era ?? { world, anchor, isPaused: false } }
}

function beginEvents(tws: Tws, { scenario, calendar }: TerminalOptions): () => void {
  const endCalendar = keepCalendar(tws, calendar ?? NO_CALENDAR)
  if (scenario) armScenario(tws.faults, scenario)
  return () => {
    endCalendar()
    tws.faults.disarmAll()
  }
}

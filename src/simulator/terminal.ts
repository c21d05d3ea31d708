import type { SteerableClock } from '../clock/steerable.ts'
import type { World } from '../clock/world.ts'
import type { Log } from '../log.ts'
import type { Clock, EpochMs } from '../market/time.ts'
import { type Account, PAPER_ACCOUNT } from './account.ts'
import { type Calendar, keepCalendar, NO_CALENDAR } from './calendar.ts'
import type { ControlDeps } from './control/route.ts'
import { armScenario, type Scenario } from './faults/scenario.ts'
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

function twsOf({ switches, accounts = [PAPER_ACCOUNT], ...deps }: TerminalOptions): Tws {
  return new Tws({ ...deps, accounts, switches: { ...DEFAULT_SWITCHES, ...switches } })
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

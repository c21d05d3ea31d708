import { timeline, type World } from '../clock/world.ts'
import { type EpochMs, isoInstant } from '../market/time.ts'
import type { Tws } from './tws.ts'
import type { LimitRule, Violation } from './violations.ts'

/** The world that a simulator lives in, and the machine's instant at which it began. */
export interface Origin {
  readonly world: World
  readonly anchor: EpochMs
}

/** What `GET /clock` answers. Instants are ISO 8601 in UTC. */
export interface ClockReport {
  /** Market time. */
  readonly now: string
  /** The machine's time at that moment. */
  readonly real: string
  readonly world: Omit<World, 'start'> & { readonly start: string }
  /** The market's first instant, and the machine's at which it was. */
  readonly anchor: { readonly market: string; readonly real: string }
}

/** What `GET /status` answers. Counts run from the simulator's start. */
export interface SimulatorStatus extends ClockReport {
  readonly simulated: true
  readonly connections: readonly { readonly clientId: number; readonly serverVersion: number }[]
  readonly counts: {
    readonly messages: number
    /** Requests for historical data of any size. */
    readonly historical: number
    /** Requests for bars of 30 seconds and less; those refused for pacing are among them. */
    readonly smallBars: number
    /** Of these, weighted as IB does: in the last 600 s of market time, and the most that any 600 s have seen. */
    readonly smallBarsIn600s: number
    readonly maxSmallBarsIn600s: number
    readonly violations: Readonly<Record<LimitRule, number>>
  }
  /** The last hundred. */
  readonly violations: readonly (Omit<Violation, 'time'> & { readonly time: string })[]
  readonly account: string
}

export const clockReport = ({ clock, machine }: Tws, { world, anchor }: Origin): ClockReport => ({
  now: isoInstant(clock.now()),
  real: isoInstant(machine.now()),
  world: { ...world, start: isoInstant(world.start) },
  anchor: { market: isoInstant(timeline(world).at(0)), real: isoInstant(anchor) },
})

export const statusReport = (tws: Tws, origin: Origin): SimulatorStatus => ({
  simulated: true,
  ...clockReport(tws, origin),
  connections: [...tws.clients].map(([clientId, { version }]) => ({ clientId, serverVersion: version })),
  counts: {
    messages: tws.messages,
    historical: tws.historical,
    smallBars: tws.pacing.total,
    smallBarsIn600s: tws.pacing.recent(tws.now()),
    maxSmallBarsIn600s: tws.pacing.busiest,
    violations: { ...tws.violations.counts },
  },
  violations: tws.violations.last.map((violation) => ({ ...violation, time: isoInstant(violation.time) })),
  account: tws.account.id,
})

import { timeline, type World } from '../clock/world.ts'
import { isoInstant } from '../market/time.ts'
import type { Client, ClientCounts } from './client.ts'
import type { ControlDeps } from './control/route.ts'
import type { StreamKind } from './subscriptions.ts'
import { linesInUse } from './ticks/admission.ts'
import type { LimitRule, Violation } from './violations.ts'

/** What `GET /clock` answers. Instants are ISO 8601 in UTC. */
export interface ClockReport {
  /** Market time. */
  readonly now: string
  /** The machine's time at that moment. */
  readonly real: string
  /** The market stands still, at the anchor. */
  readonly isPaused: boolean
  readonly world: Omit<World, 'start'> & { readonly start: string }
  /** The market's first instant since its clock was last set, and the machine's at which it was. */
  readonly anchor: { readonly market: string; readonly real: string }
}

/** One client as `GET /status` tells of it. Counts run from its connection. */
export interface ConnectionStatus extends ClientCounts {
  readonly clientId: number | null
  readonly serverVersion: number
  /** Requests for historical data that wait for their answer. */
  readonly openQueries: number
  readonly streams: Partial<Record<StreamKind, number>>
}

/** What `GET /status` answers. Counts run from the simulator's start. */
export interface SimulatorStatus extends ClockReport {
  readonly simulated: true
  readonly connections: readonly ConnectionStatus[]
  readonly counts: {
    readonly messages: number
    /** Lines of market data that are taken now, of how many there are. */
    readonly dataLines: number
    readonly dataLinesAllowed: number
    /** Requests for historical data of any size. */
    readonly historical: number
    /** Requests for bars of 30 seconds and less; those refused for pacing are among them. */
    readonly smallBars: number
    /** Of these, weighted as IB does: in the last 600 s of market time, and the most that any 600 s have seen. */
    readonly smallBarsIn600s: number
    readonly maxSmallBarsIn600s: number
    /** Orders that have been taken, and those of them that are open now. */
    readonly orders: number
    readonly openOrders: number
    readonly executions: number
    readonly violations: Readonly<Record<LimitRule, number>>
  }
  /** The last hundred. */
  readonly violations: readonly (Omit<Violation, 'time'> & { readonly time: string })[]
  readonly accounts: readonly string[]
}

export function clockReport({ tws, era }: ControlDeps): ClockReport {
  const { world, anchor, isPaused } = era()
  return {
    now: isoInstant(tws.now()),
    real: isoInstant(tws.machine.now()),
    isPaused,
    world: { ...world, start: isoInstant(world.start) },
    anchor: { market: isoInstant(timeline(world).at(0)), real: isoInstant(anchor) },
  }
}

export function statusReport(deps: ControlDeps): SimulatorStatus {
  const { tws } = deps
  return {
    simulated: true,
    ...clockReport(deps),
    connections: [...tws.clients.values()].map(connectionStatus),
    counts: {
      messages: tws.messages,
      dataLines: linesInUse(tws),
      dataLinesAllowed: tws.switches.dataLines,
      historical: tws.historical,
      smallBars: tws.pacing.total,
      smallBarsIn600s: tws.pacing.recent(tws.now()),
      maxSmallBarsIn600s: tws.pacing.busiest,
      orders: tws.floor.orders.all.length,
      openOrders: tws.floor.orders.open.length,
      executions: tws.books.all.reduce((sum, { executions }) => sum + executions.length, 0),
      violations: { ...tws.violations.counts },
    },
    violations: tws.violations.last.map((violation) => ({ ...violation, time: isoInstant(violation.time) })),
    accounts: tws.books.ids,
  }
}

const connectionStatus = ({ id, version, counts, queries, subscriptions }: Client): ConnectionStatus => ({
  clientId: id,
  serverVersion: version,
  ...counts,
  openQueries: queries.size,
  streams: subscriptions.counts(),
})

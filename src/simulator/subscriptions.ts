import type { Clock } from '../market/time.ts'
import type { Client } from './client.ts'
import type { Turns } from './turns.ts'

/** What runs until it is cancelled. Each kind has ids of its own; requests without an id take 0. */
export type StreamKind =
  | 'keepUpToDate'
  | 'realTimeBars'
  | 'marketData'
  | 'tickByTick'
  | 'accountUpdates'
  | 'accountUpdatesMulti'
  | 'accountSummary'
  | 'positions'
  | 'positionsMulti'
  | 'pnl'
  | 'pnlSingle'

/** The streams that run for one client, by kind and request id. They end with its connection. */
export class Subscriptions {
  readonly #stops = new Map<string, () => void>()

  /** Notes a stream that runs, and how to stop it. One that had its name is stopped. */
  add(kind: StreamKind, id: number, stop: () => void): void {
    this.stop(kind, id)
    this.#stops.set(nameOf(kind, id), stop)
  }

  has(kind: StreamKind, id: number): boolean {
    return this.#stops.has(nameOf(kind, id))
  }

  count(kind: StreamKind): number {
    return this.ids(kind).length
  }

  /** How many streams of each kind run. */
  counts(): Partial<Record<StreamKind, number>> {
    const counts: Partial<Record<StreamKind, number>> = {}
    for (const name of this.#stops.keys()) {
      const kind = name.split(' ')[0] as StreamKind
      counts[kind] = (counts[kind] ?? 0) + 1
    }
    return counts
  }

  /** The ids of the streams of a kind. */
  ids(kind: StreamKind): number[] {
    const names = [...this.#stops.keys()].filter((name) => name.startsWith(`${kind} `))
    return names.map((name) => Number(name.slice(kind.length + 1)))
  }

  /** Ends a stream; false when there is none. */
  stop(kind: StreamKind, id: number): boolean {
    const stop = this.#stops.get(nameOf(kind, id))
    this.#stops.delete(nameOf(kind, id))
    stop?.()
    return stop !== undefined
  }

  stopAll(): void {
    const stops = [...this.#stops.values()]
    this.#stops.clear()
    for (const stop of stops) stop()
  }
}

const nameOf = (kind: StreamKind, id: number): string => `${kind} ${id}`

export interface Stream {
  readonly kind: StreamKind
  readonly id: number
  /** Market time between two ticks, which fall on its multiples. At high speed or after a jump some are left out. */
  readonly everyMs: number
}

export interface StreamDeps {
  readonly clock: Clock
  readonly turns: Turns
}

/** Calls `tick` until the stream is stopped. What it throws ends the client's connection, as in a handler. */
export function runStream(
  deps: StreamDeps,
  client: Client,
  { kind, id, everyMs }: Stream,
  tick: () => void,
): void {
  client.subscriptions.add(kind, id, ticking(deps, client, everyMs, tick))
}

/** Calls `tick` at the multiples of `everyMs` for a client, each in its turn. Returns what ends that. */
export function ticking(
  { clock, turns }: StreamDeps,
  client: Client,
  everyMs: number,
  tick: () => void,
): () => void {
  const ended = new AbortController()
  let disarm: () => void
  const arm = () => {
    disarm = clock.after(everyMs - (clock.now() % everyMs), beat)
  }
  const beat = () => {
    arm()
    inTurn().catch((fault: unknown) => client.fail(fault))
  }
  const inTurn = async () => turns.take(tick, ended.signal)
  arm()
  return () => {
    disarm()
    ended.abort()
  }
}

import { repeated } from './clock/repeated.ts'
import type { MarketEra, SteerableClock } from './clock/steerable.ts'
import type { World } from './clock/world.ts'
import { messageOf, unavailable } from './errors.ts'
import type { Log } from './log.ts'
import { type Clock, epochMs, parseInstant } from './market/time.ts'

interface Address {
  readonly host: string
  readonly port: number
}

/** How far apart two readings of one simulator's beginning may lie. */
export const ANCHOR_TOLERANCE_MS = 5_000

/** The world of a running simulator, with its beginning on this machine's clock. */
export async function askClock({ host, port }: Address, machine: Clock): Promise<MarketEra> {
  try {
    const response = await fetch(`http://${host}:${port}/clock`, { signal: AbortSignal.timeout(5_000) })
    const answer = (await response.json()) as ClockAnswer
    const offsetMs = machine.now() - parseInstant(answer.real)
    const world = { ...answer.world, start: parseInstant(answer.world.start) }
    const anchor = epochMs(parseInstant(answer.anchor.real) + offsetMs)
    return { world, anchor, isPaused: answer.isPaused }
  } catch (error) {
    throw unavailable(`no simulator answers at ${host}:${port} (SIM_ATTACH): ${messageOf(error)}`)
  }
}

interface ClockAnswer {
  readonly real: string
  readonly isPaused: boolean
  readonly world: Omit<World, 'start'> & { readonly start: string }
  readonly anchor: { readonly market: string; readonly real: string }
}

/** How often a simulator that is attached to is asked for its clock, in machine time. */
const FOLLOW_EVERY_MS = 1_000

/** Sets `clock` whenever the simulator's has been set: paused, hurried, or moved forwards. Returns what ends that. */
export function followClock(
  clock: SteerableClock,
  at: Address,
  { machine, log }: { machine: Clock; log: Log },
): () => Promise<void> {
  const stopping = new AbortController()
  const look = async (): Promise<void> => {
    const theirs = await askClock(at, machine)
    if (isSameEra(theirs, clock.era)) return
    log.warn({ ...theirs.world, isPaused: theirs.isPaused }, "the simulator's clock was set: followed")
    clock.follow(theirs)
  }
  const following = repeated(machine, FOLLOW_EVERY_MS, stopping.signal, () =>
    // A simulator that is away is the connection's trouble; its clock runs on meanwhile.
    look().catch((error) => log.debug({ error: messageOf(error) }, 'the simulator did not tell its clock')),
  )
  return () => {
    stopping.abort()
    return following
  }
}

const isSameEra = (a: MarketEra, b: MarketEra): boolean =>
  a.isPaused === b.isPaused &&
  a.world.speed === b.world.speed &&
  a.world.start === b.world.start &&
  Math.abs(a.anchor - b.anchor) <= ANCHOR_TOLERANCE_MS

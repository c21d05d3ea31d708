import { correctedClock } from './clock/corrected.ts'
import { repeated } from './clock/repeated.ts'
import { simulatedClock } from './clock/simulated.ts'
import { steerableClock } from './clock/steerable.ts'
import { timeline, type World } from './clock/world.ts'
import type { Config } from './config.ts'
import { conflict, messageOf } from './errors.ts'
import type { Log } from './log.ts'
import { type Clock, type EpochMs, isoInstant } from './market/time.ts'
import type { StoredWorld, WorldStore } from './ports/world.ts'
import { SimulatedBooks } from './simulatedBooks.ts'
import { openMarket } from './simulator/openMarket.ts'
import { type Simulator, startSimulator } from './simulator/server.ts'
import { ANCHOR_TOLERANCE_MS, askClock, followClock } from './simulatorClock.ts'

/** The market that the service lives in: its clock, and where its TWS listens. */
export interface MarketTime {
  readonly clock: Clock
  readonly simulated: boolean
  /** Market milliseconds per real millisecond. */
  readonly speed: number
  readonly tws: { readonly host: string; readonly port: number }
  /** To be called when this process begins to lead: a broker that it simulates takes over the books of the one before. */
  takeOver(worlds: WorldStore): Promise<void>
  close(): Promise<void>
}

export interface MarketTimeDeps {
  readonly worlds: WorldStore
  /** The clock that all processes share; it corrects the market's where that is real. */
  readonly databaseClock: { now(): Promise<EpochMs> }
  readonly machine: Clock
  readonly log: Log
}

/** Real market time, a simulated world of our own, or the one of an attached simulator. Rejects with `conflict`. */
export function openMarketTime(config: Config, deps: MarketTimeDeps): Promise<MarketTime> {
  if (config.gateway === 'tws') return realMarket(config, deps)
  return config.simulator.attach === null
    ? ownWorld(config, deps)
    : attachedWorld(config.simulator.attach, deps)
}

/** A broker outside has its own. */
const noBooks = async (): Promise<void> => {}

/** How often the database's clock is asked, in machine time. */
const CORRECT_EVERY_MS = 60_000

/** Several processes on several machines agree on market time, because the database tells it (decision 11). */
async function realMarket(config: Config, deps: MarketTimeDeps): Promise<MarketTime> {
  const { worlds, databaseClock, machine, log } = deps
  const stored = await worlds.settle({ kind: 'real', world: null, anchor: null })
  if (stored.kind !== 'real') throw otherWorld('it holds simulated data, and GATEWAY=tws asks for real data')
  const clock = correctedClock(machine)
  const stopping = new AbortController()
  const correct = async (): Promise<void> => clock.correct(await databaseClock.now())
  await correct()
  const keeping = repeated(machine, CORRECT_EVERY_MS, stopping.signal, () =>
    correct().catch((error) => log.warn({ error: messageOf(error) }, 'the clock was not compared')),
  )
  const close = (): Promise<void> => {
    stopping.abort()
    return keeping
  }
  return { clock, simulated: false, speed: 1, tws: config.tws, takeOver: noBooks, close }
}

/** The world begins at the first start on a database; later starts go on where real time has brought it. */
async function ownWorld(config: Config, { worlds, machine, log }: MarketTimeDeps): Promise<MarketTime> {
  const { tape, seed, speed, start: from, port } = config.simulator
  const market = await openMarket({ tape, seed })
  const proposed: World = {
    start: from ?? market.defaultStart(machine.now()),
    speed,
    seed,
    tape: market.hash,
    skip: from === null && tape.length === 0 ? config.collectSession : null,
  }
  const stored = await worlds.settle({ kind: 'simulated', world: proposed, anchor: machine.now() })
  const { world, anchor } = sameWorld(stored, { ...proposed, ...(from === null && storedStart(stored)) })
  const clock = simulatedClock(machine, timeline(world), anchor)
  const books = new SimulatedBooks(await worlds.books(), { machine, log })
  const start = (on: number): Promise<Simulator> =>
    startSimulator({
      ...{ host: '127.0.0.1', port: on, market, world, anchor, clock, machine },
      log: log.child({ part: 'simulator' }),
      kept: books.kept,
      keep: (kept) => books.changed(kept),
    })
  let simulator = await start(port ?? 0)
  return {
    clock,
    simulated: true,
    speed,
    tws: { host: simulator.host, port: simulator.port },
    async takeOver(store) {
      if (!(await books.takeOver(store))) return
      await simulator.close()
      simulator = await start(simulator.port)
    },
    close: () => simulator.close(),
  }
}

async function attachedWorld(
  at: { host: string; port: number },
  { worlds, machine, log }: MarketTimeDeps,
): Promise<MarketTime> {
  const theirs = await askClock(at, machine)
  const { world, anchor } = theirs
  const stored = await worlds.settle({ kind: 'simulated', world, anchor })
  const known = sameWorld(stored, world)
  if (Math.abs(known.anchor - anchor) > ANCHOR_TOLERANCE_MS) {
    throw otherWorld('the simulator was started anew or its clock was set, and it stands elsewhere')
  }
  const clock = steerableClock(machine, theirs)
  const stop = followClock(clock, at, { machine, log })
  return { clock, simulated: true, speed: world.speed, tws: at, takeOver: noBooks, close: stop }
}

const storedStart = (stored: StoredWorld): Partial<World> =>
  stored.world === null ? {} : { start: stored.world.start, skip: stored.world.skip }

/** The stored world, when it is the one that the settings ask for. */
function sameWorld(stored: StoredWorld, asked: World): { world: World; anchor: EpochMs } {
  const { world, anchor } = stored
  if (world === null || anchor === null) throw otherWorld('it holds data of a real gateway')
  const different = (Object.keys(asked) as (keyof World)[]).filter((name) => world[name] !== asked[name])
  if (different.length > 0)
    throw otherWorld(different.map((name) => difference(name, world, asked)).join(', '))
  return { world, anchor }
}

const difference = (name: keyof World, stored: World, asked: World): string =>
  `its ${name} is ${shown(name, stored)}, and ${shown(name, asked)} is asked for`

const shown = (name: keyof World, world: World): string =>
  name === 'start' ? isoInstant(world.start) : String(world[name])

const otherWorld = (why: string): Error =>
  conflict(
    `This database belongs to another market: ${why}. ` +
      'Start with the settings that it was made with, or begin anew: npm run db:destroy, another DATA_DIR, or another DATABASE_URL.',
  )

import { onTestFinished } from 'vitest'
import { machineClock } from '../../src/clock/machine.ts'
import type { World } from '../../src/clock/world.ts'
import type { Log } from '../../src/log.ts'
import { type Clock, type EpochMs, parseInstant } from '../../src/market/time.ts'
import { generatedMarket } from '../../src/simulator/generator.ts'
import type { MarketSource } from '../../src/simulator/market.ts'
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/server.ts'
import type { Switches } from '../../src/simulator/switches.ts'

export interface SimulatorSetup extends Pick<SimulatorOptions, 'scenario' | 'recorder' | 'accounts'> {
  readonly market?: MarketSource
  /** The market's clock; it stands still at `now` when left out. */
  readonly clock?: Clock
  readonly now?: string
  readonly host?: string
  readonly switches?: Partial<Switches>
  /** One that keeps quiet when left out. */
  readonly log?: Log
}

/** A log that keeps quiet. */
export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLog,
}

/** A simulator on a free port that lives until the test ends. */
export async function simulatorFor(setup: SimulatorSetup = {}): Promise<Simulator> {
  const start = parseInstant(setup.now ?? '2024-06-03T15:00:00Z')
  const { market = generatedMarket({ seed: 1 }) } = setup
  const world: World = { start, speed: 1, seed: 1, tape: market.hash, skip: null }
  const simulator = await startSimulator({
    host: '127.0.0.1',
    clock: standingClock(start),
    log: silentLog,
    ...setup,
    port: 0,
    market,
    world,
    anchor: machineClock.now(),
    machine: machineClock,
  })
  onTestFinished(() => simulator.close())
  return simulator
}

/** Tells one instant for ever; sleeps and timers run on the machine's clock. */
export const standingClock = (at: EpochMs): Clock => ({ ...machineClock, now: () => at })

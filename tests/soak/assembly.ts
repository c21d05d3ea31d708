import { openAlerts } from '../../src/alerts.ts'
import type { Log } from '../../src/log.ts'
import { seededRandom } from '../../src/market/seededRandom.ts'
import { type EpochMs, plus, SECOND_MS } from '../../src/market/time.ts'
import type { Jobs } from '../../src/ports/jobs.ts'
import { PAPER_ACCOUNT } from '../../src/simulator/account.ts'
import { generatedMarket } from '../../src/simulator/generator.ts'
import { hashOf } from '../../src/simulator/noise.ts'
import { DEFAULT_SWITCHES } from '../../src/simulator/switches.ts'
import { Tws } from '../../src/simulator/tws.ts'
import { memoryDatabase } from '../support/twins/database.ts'
import { memoryLease } from '../support/twins/lease.ts'
import { memoryPacingLedger } from '../support/twins/pacingLedger.ts'
import type { World } from './faults.ts'
import { failing, type Plant } from './plants.ts'
import { collecting, type Seams, SYMBOL } from './service.ts'
import { Terminal } from './terminal.ts'
import { Trace } from './trace.ts'
import type { FaultCounts } from './trouble.ts'
import { VirtualClock } from './virtualClock.ts'

export interface AssemblyOptions {
  readonly seed: number
  readonly plant?: Plant
  readonly onLog?: (now: EpochMs, level: string, fields: object, message: string) => void
}

export type Assembly = ReturnType<typeof assembled>

/** Service, terminal, market and store on one virtual clock. Nothing has begun. */
export function assembled({ seed, plant = {}, onLog }: AssemblyOptions, begin: EpochMs) {
  const clock = new VirtualClock(begin)
  const trace = new Trace(clock)
  const randomOf = (part: string) => seededRandom(hashOf(seed, part))
  const log: Log = trace.log((...entry) => onLog?.(clock.now(), ...entry))
  const onWrite = (table: string, key: string | number) => trace.add(table, String(key))
  const memory = memoryDatabase({ clock, onWrite })
  const lease = memoryLease()
  const state = { skew: { ms: 0 }, database: { failing: 0 } }
  const { tws, market } = simulated(clock, seed, state.skew, trace.log())
  const isLost = plant.isLost ?? (() => false)
  const terminal = new Terminal({ tws, clock, random: randomOf('wire'), trace, isLost })
  const alerts = openAlerts({ market: clock, log })
  const jobs: Jobs[] = []
  const aborts = randomOf('database')
  const service = (signal: AbortSignal) =>
    collecting(
      {
        ...{ clock, log, alerts, lease, seams: seamsOf(plant), random: randomOf('service') },
        dial: terminal.dial,
        onJobs: (schedule) => jobs.push(schedule),
        ledger: memoryPacingLedger(onWrite),
        runner: memory.runner,
        stores: failing(memory.stores, () => 100 * aborts() < state.database.failing),
      },
      signal,
    )
  const loseLease = () => lease.lose()
  const world: World = { ...state, terminal, clock, random: randomOf('faults'), loseLease }
  const judged = { market, stores: memory.stores }
  const faults: FaultCounts = new Map()
  return { clock, trace, judged, tws, terminal, alerts, jobs, world, service, forget: memory.forget, faults }
}

function simulated(clock: VirtualClock, seed: number, skew: { ms: number }, log: Log) {
  const market = generatedMarket({ seed, symbols: [SYMBOL] })
  const tws = new Tws({
    market,
    clock: { ...clock, now: () => plus(clock.now(), skew.ms) },
    machine: clock,
    accounts: [PAPER_ACCOUNT],
    switches: { ...DEFAULT_SWITCHES, historyDelayMs: SECOND_MS / 2 },
    log,
  })
  return { tws, market }
}

const seamsOf = (plant: Plant): Seams => ({
  stores: plant.stores ?? ((stores) => stores),
  pacing: plant.pacing ?? ((pacing) => pacing),
  marketData: plant.marketData ?? ((marketData) => marketData),
})

import { openAlerts } from '../../src/alerts.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import type { Log } from '../../src/log.ts'
import { seededRandom } from '../../src/market/seededRandom.ts'
import { type EpochMs, SECOND_MS } from '../../src/market/time.ts'
import { PAPER_ACCOUNT } from '../../src/simulator/account.ts'
import { generatedMarket } from '../../src/simulator/generator.ts'
import { hashOf } from '../../src/simulator/noise.ts'
import { DEFAULT_SWITCHES } from '../../src/simulator/switches.ts'
import { Tws } from '../../src/simulator/tws.ts'
import { Terminal } from '../soak/terminal.ts'
import { Trace } from '../soak/trace.ts'
import { VirtualClock } from '../soak/virtualClock.ts'
import { memoryDatabase } from '../support/twins/database.ts'
import { memoryLease } from '../support/twins/lease.ts'
import { marketCandles, storedSecond } from './feed.ts'
import { Scythe } from './mortal.ts'
import type { Plant } from './plants.ts'
import { CLIENT_ID, type Outside, Process, SYMBOL } from './process.ts'
import { DAY_SETTINGS } from './settings.ts'
import { tapped } from './tap.ts'
import { unreliable } from './unreliable.ts'
import { Witness } from './witness.ts'

export interface AssemblyOptions {
  readonly seed: number
  readonly plant?: Plant
  readonly onLog?: (now: EpochMs, level: string, fields: object, message: string) => void
}

export type Assembly = ReturnType<typeof assembled>

/** Takes orders, as far as it knows: a TWS that takes none says so once, and not when it takes them again. */
const isFit = (gateway: Gateway | null): boolean => gateway?.isReady === true && !gateway.status().readOnly

/** Processes, terminal, market and database on one virtual clock. Nothing has begun. */
export function assembled({ seed, plant = {}, onLog }: AssemblyOptions, begin: EpochMs) {
  const clock = new VirtualClock(begin)
  const trace = new Trace(clock)
  const randomOf = (part: string) => seededRandom(hashOf(seed, part))
  const log: Log = trace.log((...entry) => onLog?.(clock.now(), ...entry))
  const memory = memoryDatabase({ clock, onWrite: (table, key) => trace.add(table, String(key)) })
  const lease = memoryLease()
  const market = generatedMarket({ seed, symbols: [SYMBOL], volatility: 3 })
  const tws = new Tws({
    ...{ market, clock, machine: clock, accounts: [PAPER_ACCOUNT], log: trace.log() },
    switches: { ...DEFAULT_SWITCHES, historyDelayMs: SECOND_MS / 2 },
  })
  const terminal = new Terminal({
    tws,
    clock,
    random: randomOf('wire'),
    trace,
    isLost: plant.isLost ?? (() => false),
  })
  const database = { failing: 0, forgetting: 0 }
  /** Something stands in the way of everything that a process could do. */
  const trouble = { blinds: 0 }
  const scythe = new Scythe()
  const processes: Process[] = []
  const leader = () => processes.find(({ isLeading }) => isLeading) ?? null
  const witness = new Witness({
    ...{ tws, clock, log, rows: memory.look },
    epoch: () => leader()?.held?.epoch ?? -1,
    isHealthy: () =>
      database.failing + database.forgetting + trouble.blinds === 0 && isFit(leader()?.gateway ?? null),
  })
  const stores = unreliable(memory.stores, database, randomOf('database'))
  const outside = (process: () => Process): Outside => ({
    ...{ clock, log, stores, lease, settings: DAY_SETTINGS, random: randomOf(`process ${processes.length}`) },
    alerts: openAlerts({ market: clock, log }),
    dial: tapped(terminal.dial, (frame) => witness.sent(frame, process().held?.epoch ?? -1)),
    candles: (mortal) => marketCandles(market, mortal),
    latestSecond: async () => storedSecond(market, SYMBOL, clock.now()),
    seams: { stores: (same) => same, broker: (same) => same, ...plant },
    clientId: nextClientId,
  })
  const nextClientId = plant.clientIds?.() ?? (() => CLIENT_ID)
  const start = (): Process => {
    const process: Process = new Process(
      outside(() => process),
      scythe.reaper,
    )
    processes.push(process)
    void process.run()
    return process
  }
  return {
    clock,
    trace,
    log,
    memory,
    lease,
    market,
    tws,
    terminal,
    database,
    trouble,
    scythe,
    processes,
    leader,
    witness,
    start,
    randomOf,
  }
}

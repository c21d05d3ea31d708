import { setMaxListeners } from 'node:events'
import { dispatchChunks, FETCH_CHUNK } from './collection/dispatch.ts'
import { fetchChunk } from './collection/fetchChunk.ts'
import { prepareInstruments } from './collection/instruments.ts'
import { messageOf } from './errors.ts'
import { whileHolding } from './holding.ts'
import type { Log } from './log.ts'
import type { Clock } from './market/time.ts'
import type { Jobs } from './ports/jobs.ts'
import type { HeldLease, Lease } from './ports/lease.ts'
import type { MarketData } from './ports/marketData.ts'
import type { Pacing } from './ports/pacing.ts'
import type { QueueRunner } from './ports/queue.ts'
import type { Stores } from './ports/stores.ts'
import type { WorldStore } from './ports/world.ts'
import type { HeldReign } from './trading/traderDeps.ts'

export interface LeadingDeps {
  readonly lease: Lease
  /** Told the epoch of every reign before anything is written in it. */
  readonly onReign: (epoch: number) => void
  readonly stores: Stores
  readonly runner: QueueRunner
  readonly gateway: { readonly isReady: boolean; run(signal: AbortSignal): Promise<void> }
  readonly schedule: Jobs & { start(signal: AbortSignal): Promise<void> }
  /** Trades until the reign ends. */
  readonly trade: (reign: HeldReign, signal: AbortSignal) => Promise<void>
  readonly marketData: MarketData
  readonly pacing: Pacing
  readonly worlds: WorldStore
  readonly market: Clock
  readonly machine: Clock
  readonly log: Log
  readonly symbols: readonly string[]
  /** Cron lines that also run once at the start. */
  readonly atStart: readonly string[]
}

/**
 * Whenever this process holds the lease it talks to TWS and does the work; until then, and after losing it, it only
 * serves. Ends with the signal, with everything that it started ended. Never rejects.
 */
export const lead = (deps: LeadingDeps, signal: AbortSignal): Promise<void> =>
  whileHolding(
    deps,
    TOLD,
    (lease, ended) => {
      deps.onReign(lease.epoch)
      return work(deps, lease, ended)
    },
    signal,
  )

const TOLD = { begun: 'this process leads', ended: 'this process no longer leads' }

/** Start is recovery: what a dead process had begun waits again before anything new is taken. */
async function work(deps: LeadingDeps, lease: HeldLease, signal: AbortSignal): Promise<void> {
  await settleLedger(deps)
  const recovered = await deps.stores.backfills.recover()
  if (recovered > 0) deps.log.info({ recovered }, 'chunks of an earlier process wait again')
  const moved = await deps.stores.quarantine.applyPolicy()
  if (moved > 0) deps.log.info({ moved }, 'suspected bad prints follow BAD_PRINTS')
  const failed = new AbortController()
  const ended = AbortSignal.any([signal, failed.signal])
  setMaxListeners(0, ended) // every cron line waits with it
  const isReady = (): boolean => deps.gateway.isReady && !ended.aborted
  await deps.runner.start({ [FETCH_CHUNK]: fetchChunk({ ...deps, isReady }) })
  try {
    const parts = [
      deps.gateway.run(ended),
      dispatchChunks({ ...deps, isReady }, ended),
      followSchedule(deps, ended),
      deps.trade({ epoch: lease.epoch, isHeld: () => lease.isSure() }, ended),
    ]
    await Promise.all(parts.map((part) => part.catch((error) => failed.abort(error))))
  } finally {
    await deps.runner.stop()
  }
  if (!signal.aborted) failed.signal.throwIfAborted()
}

/** A ledger that may have missed requests, as after a restore, counts as full for one window. */
async function settleLedger({ worlds, pacing, log }: LeadingDeps): Promise<void> {
  if (await worlds.isLedgerTrusted()) return
  await pacing.assumeFull()
  await worlds.trustLedger()
  log.warn({}, 'the record of past requests is in doubt: none is sent for one window')
}

/** The cron lines begin when the symbols are known to the broker; some of them at once. */
async function followSchedule(deps: LeadingDeps, ended: AbortSignal): Promise<void> {
  await prepareInstruments(deps, deps.symbols, ended)
  const following = deps.schedule.start(ended)
  for (const name of deps.atStart) {
    await deps.schedule
      .run(name)
      .catch((error) => deps.log.warn({ job: name, error: messageOf(error) }, 'not run at the start'))
  }
  await following
}

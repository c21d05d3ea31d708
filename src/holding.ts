import { isRetryable, messageOf } from './errors.ts'
import type { Log } from './log.ts'
import type { Clock } from './market/time.ts'
import type { HeldLease, Lease } from './ports/lease.ts'

/** How often a process tries to get a lease that another one holds, in machine time. */
const TRY_EVERY_MS = 2_000
/** And one that has just lost its own, or whose database is away: bars are waiting. */
const TRY_SOON_MS = 250

export interface HoldingDeps {
  readonly lease: Lease
  readonly machine: Clock
  readonly log: Log
}

/** Sentences of the log. */
export interface HoldingTold {
  readonly begun: string
  readonly ended: string
}

/** Has the work done whenever this process holds the lease, until the signal is aborted. Never rejects. */
export async function whileHolding(
  deps: HoldingDeps,
  told: HoldingTold,
  work: (lease: HeldLease, ended: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let failure: string | null = null
  while (!signal.aborted) {
    let isSoon = true
    try {
      isSoon = await holdOnce(deps, told, work, signal)
      failure = null
    } catch (error) {
      isSoon = isRetryable(error)
      const message = messageOf(error)
      if (!signal.aborted && message !== failure)
        deps.log.warn({ error: message }, 'the lease is not to be had')
      failure = message
    }
    await deps.machine.sleep(isSoon ? TRY_SOON_MS : TRY_EVERY_MS, signal).catch(() => {})
  }
}

/** False when another process holds it. */
async function holdOnce(
  { lease: leases, log }: HoldingDeps,
  told: HoldingTold,
  work: (lease: HeldLease, ended: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<boolean> {
  const lease = await leases.tryAcquire()
  if (lease === null) return false
  log.info({ epoch: lease.epoch }, told.begun)
  try {
    await work(lease, AbortSignal.any([signal, lease.lost]))
  } finally {
    await lease.release()
    if (!signal.aborted) log.warn({}, told.ended)
  }
  return true
}

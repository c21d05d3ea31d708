import { messageOf } from './errors.ts'
import type { Log } from './log.ts'
import type { Clock } from './market/time.ts'
import type { HeldLease, Lease } from './ports/lease.ts'

/** How often a process that does not hold a lease tries to, in machine time. */
const TRY_EVERY_MS = 2_000

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
  while (!signal.aborted) {
    try {
      await holdOnce(deps, told, work, signal)
    } catch (error) {
      if (!signal.aborted) deps.log.warn({ error: messageOf(error) }, 'the lease is not to be had')
    }
    await deps.machine.sleep(TRY_EVERY_MS, signal).catch(() => {})
  }
}

async function holdOnce(
  { lease: leases, log }: HoldingDeps,
  told: HoldingTold,
  work: (lease: HeldLease, ended: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const lease = await leases.tryAcquire()
  if (lease === null) return
  log.info({ epoch: lease.epoch }, told.begun)
  try {
    await work(lease, AbortSignal.any([signal, lease.lost]))
  } finally {
    await lease.release()
    if (!signal.aborted) log.warn({}, told.ended)
  }
}

import { unavailable } from '../../../src/errors.ts'
import type { HeldLease, Lease } from '../../../src/ports/lease.ts'

export interface MemoryLease extends Lease {
  /** Takes it from whoever holds it, as the end of the holder's connection does. */
  lose(): void
}

/** A lease that all who share this object compete for. */
export function memoryLease(): MemoryLease {
  let held: AbortController | null = null
  let epoch = 0
  const end = (lost: AbortController): void => {
    if (held === lost) held = null
    lost.abort(unavailable('the lease has ended'))
  }
  return {
    async tryAcquire(): Promise<HeldLease | null> {
      if (held !== null) return null
      const lost = new AbortController()
      held = lost
      const { signal } = lost
      return { epoch: ++epoch, lost: signal, isSure: () => !signal.aborted, release: async () => end(lost) }
    },
    lose: () => held && end(held),
  }
}

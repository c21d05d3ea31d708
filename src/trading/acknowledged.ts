import { type Clock, SECOND_MS } from '../market/time.ts'
import type { Intent } from '../ports/intents.ts'
import type { Stores } from '../ports/stores.ts'

export interface AcknowledgeDeps {
  readonly stores: Stores
  readonly machine: Clock
}

/** A round trip before an order takes 2 s at the most; a leader that has died leaves its orders as they are. */
const MOST_MS = 5 * SECOND_MS
const LOOK_EVERY_MS = 50

/**
 * Resolves once nothing that adds risk can leave any more on the strength of what was committed before (reliability,
 * I10): whatever is made afterwards reads the level under its lock. False when a process that cannot be asked may still
 * hold such an order.
 */
export async function acknowledged({ stores, machine }: AcknowledgeDeps): Promise<boolean> {
  const until = machine.now() + MOST_MS
  for (;;) {
    const open = await stores.intents.open()
    if (!open.some(mayLeave)) return true
    if (machine.now() >= until) return false
    await machine.sleep(LOOK_EVERY_MS)
  }
}

/** Between the commit that lets it leave, and the one that says that it has or has not. */
const mayLeave = ({ purpose, state, sentAt }: Intent): boolean =>
  purpose === 'entry' && (state === 'reserved' || (state === 'sending' && sentAt === null))

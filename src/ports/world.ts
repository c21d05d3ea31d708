import type { World } from '../clock/world.ts'
import type { EpochMs } from '../market/time.ts'

/** What a database belongs to: one simulated world, or the real market. They never share one. */
export interface StoredWorld {
  readonly kind: 'simulated' | 'real'
  /** Null in the real market. */
  readonly world: World | null
  /** Machine time at which the simulated world began; null in the real market. */
  readonly anchor: EpochMs | null
}

export interface WorldStore {
  /** Stores the world of the first start, and answers what is stored: of several starts at once the first wins. */
  settle(proposed: StoredWorld): Promise<StoredWorld>
  /**
   * Whether the pacing ledger was begun and kept in this very database, so that it knows every request. False in a
   * database restored from a dump, before `settle`, and wherever there is a doubt: then count a full window.
   */
  isLedgerTrusted(): Promise<boolean>
  /** Call it once the full window stands in the ledger. */
  trustLedger(): Promise<void>
  /** What the simulated broker of this world holds, as text; null before it was ever kept. */
  books(): Promise<string | null>
  keepBooks(books: string): Promise<void>
}

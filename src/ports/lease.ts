/** The right to do what one process does for all: talk to TWS, or deliver webhooks. `lost` is aborted the moment it can no longer be relied on. */
export interface HeldLease {
  /** Rises with every holder: the fencing token. */
  readonly epoch: number
  readonly lost: AbortSignal
  /** Whether the server has confirmed it so lately that nobody else can hold it: asked before each order. */
  isSure(): boolean
  release(): Promise<void>
}

export interface Lease {
  /** Null while another process holds it. */
  tryAcquire(): Promise<HeldLease | null>
}

import type { TraderStanding } from './standing.ts'

/** The trader of this process, as it shows itself while it trades; nothing in a process that only serves. */
export class RunningTrader {
  standing: TraderStanding | null = null
  /** Makes the trader look at its row at once. */
  nudge: (() => void) | null = null

  ended(): void {
    this.standing = this.nudge = null
  }
}

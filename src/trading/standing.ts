import type { EpochMs } from '../market/time.ts'
import type { AccountValues } from '../ports/broker.ts'
import type { TraderState } from '../ports/traders.ts'
import type { Level } from '../strategy/decision.ts'

/** What the running trader shows of itself, besides what is stored. */
export interface TraderStanding {
  readonly state: TraderState
  /** Why it is not `active`, in a sentence. */
  readonly reason: string | null
  /** Candles that the indicators have, and need. */
  readonly warmup: { readonly have: number; readonly need: number }
  readonly levels: {
    readonly breakout: Level | null
    readonly swingLow: Level | null
    readonly movingAverage: number | null
    /** The trailing stop in force, while long. */
    readonly stop: number | null
  }
  /** When the broker's books were last found equal to ours; null before the first time. */
  readonly reconciledAt: EpochMs | null
  /** Whether they were equal when last compared. */
  readonly isReconciled: boolean
  /** As the broker told it last. */
  readonly account: AccountValues | null
}

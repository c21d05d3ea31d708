import type { Side } from '../execution/fill.ts'
import type { EpochMs } from '../market/time.ts'
import type { PageBefore } from './page.ts'

export type IntentPurpose = 'entry' | 'exit' | 'stop'

/**
 * `denied` by a limit, never numbered · `reserved` durable, not sent · `sending` it may exist at the broker ·
 * `working` · `partial` · `held` · `cancelling` · `unresolved` its fate is unknown · and the ends: `filled`
 * `rejected` `cancelled` `expired` (proven never accepted).
 */
export type IntentState =
  | 'denied'
  | 'reserved'
  | 'sending'
  | 'working'
  | 'partial'
  | 'held'
  | 'cancelling'
  | 'unresolved'
  | 'filled'
  | 'rejected'
  | 'cancelled'
  | 'expired'

/** A durable decision to order. Its order exists at the broker only after `sending` was committed. */
export interface Intent {
  readonly id: string
  /** In the order of making. */
  readonly ordinal: number
  readonly purpose: IntentPurpose
  readonly symbol: string
  /** The candle that was decided on; one entry, and one exit an attempt, for each. */
  readonly candleTime: EpochMs
  readonly attempt: number
  /** Unique; what the broker tells with everything about the order. */
  readonly orderRef: string
  /** Null when denied. */
  readonly orderId: number | null
  /** Of a stop: the intent whose position it protects. */
  readonly parent: string | null
  readonly ocaGroup: string
  readonly side: Side
  readonly quantity: number
  readonly type: 'market' | 'stop'
  readonly stopPrice: number | null
  readonly reason: string
  readonly state: IntentState
  /** Of a denial a word such as `maxPosition`; else what the broker says. */
  readonly code: string | null
  readonly detail: string | null
  /** Of the lease under which it was made. */
  readonly epoch: number
  readonly build: string
  /** SHA-256 of the candle decided on, as it was seen. */
  readonly barHash: string
  /** The figures that the limits were checked with, as JSON. */
  readonly risk: string
  readonly permId: number | null
  readonly filled: number
  readonly averagePrice: number | null
  /** Market times. */
  readonly createdAt: EpochMs
  readonly expiresAt: EpochMs | null
  readonly sentAt: EpochMs | null
  readonly endedAt: EpochMs | null
  /** How often it was put on the wire. */
  readonly sends: number
  /** Broker session of the last send, and since when it is absent from the broker's books. */
  readonly sentInSession: number | null
  readonly absentSince: EpochMs | null
}

export type NewIntent = Omit<
  Intent,
  | 'ordinal'
  | 'permId'
  | 'filled'
  | 'averagePrice'
  | 'sentAt'
  | 'endedAt'
  | 'sends'
  | 'sentInSession'
  | 'absentSince'
>

export type IntentChange = Partial<
  Pick<
    Intent,
    | 'state'
    | 'code'
    | 'detail'
    | 'permId'
    | 'filled'
    | 'averagePrice'
    | 'sentAt'
    | 'endedAt'
    | 'sends'
    | 'sentInSession'
    | 'absentSince'
    | 'stopPrice'
    | 'quantity'
    | 'reason'
  >
>

/** One message or deed about an order, kept for ever as it came. */
export interface OrderEvent {
  readonly intent: string | null
  readonly orderId: number | null
  /** Market time. */
  readonly at: EpochMs
  /** `reserved`, `sending`, `sent`, or the report's kind. */
  readonly kind: string
  /** JSON. */
  readonly detail: string
}

export interface IntentStore {
  /**
   * Rejects with `conflict` when an intent of this purpose, candle and attempt exists that was not denied, or its
   * orderRef or order id, or when another entry of its symbol is open. The transaction can then only be given up.
   */
  create(intent: NewIntent): Promise<Intent>
  /** Rejects with `missing`, and with `conflict` when an entry would be open again beside another of its symbol. */
  change(id: string, fields: IntentChange): Promise<Intent>
  find(id: string): Promise<Intent | null>
  byOrderRef(orderRef: string): Promise<Intent | null>
  byOrderId(orderId: number): Promise<Intent | null>
  /** Those whose fate is not settled: in the order of making. */
  open(): Promise<Intent[]>
  /** Newest first, `limit` of them before `ordinal`. */
  list(page: PageBefore): Promise<Intent[]>
  /** Made at `since` or later, denied ones too, in the order of making. */
  since(since: EpochMs): Promise<Intent[]>
  /** Its intent must be there. */
  record(event: OrderEvent): Promise<void>
  /** As they were recorded. */
  events(intent: string): Promise<OrderEvent[]>
}

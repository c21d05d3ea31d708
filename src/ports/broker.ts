import type { Side } from '../execution/fill.ts'
import type { Instrument } from '../market/instrument.ts'
import type { EpochMs } from '../market/time.ts'

/** An order as it goes to the broker. Quantities are whole shares, prices lie on the instrument's grid. */
export interface OrderTicket {
  readonly orderId: number
  /** The order that must fill before this one works, or null. */
  readonly parentId: number | null
  /** At most 32 ASCII characters: the broker tells it with everything that becomes of the order. */
  readonly orderRef: string
  readonly account: string
  readonly instrument: Instrument
  readonly side: Side
  readonly quantity: number
  readonly type: 'market' | 'stop'
  /** Null for a market order. */
  readonly stopPrice: number | null
  readonly timeInForce: 'day' | 'gtc'
  /**
   * Orders of one group cancel one another: the fill of one takes the others back. Empty for none, as for an entry,
   * whose fill must not take its own stop back.
   */
  readonly ocaGroup: string
  /** False keeps it at TWS, out of the market, until the last order of its bracket comes. */
  readonly transmit: boolean
}

/**
 * `pending` TWS has it · `working` at the exchange, or a stop that waits for its price · `held` it stands still and
 * would go on later · `cancelling` · `cancelled` · `filled`.
 */
export type BrokerOrderStatus = 'pending' | 'working' | 'held' | 'cancelling' | 'cancelled' | 'filled'

/** An order as the broker tells it, ours or not. Sentinels of the wire are null. */
export interface BrokerOrder {
  /** 0 where the broker tells none (a completed order). */
  readonly orderId: number
  readonly clientId: number
  readonly permId: number
  readonly orderRef: string
  readonly account: string
  readonly symbol: string
  readonly side: Side
  readonly quantity: number
  /** Null where the message does not say. */
  readonly filled: number | null
  /** IB's word: `MKT`, `STP`. */
  readonly type: string
  readonly stopPrice: number | null
  readonly status: BrokerOrderStatus
  /** What the broker says of how it ended. */
  readonly reason: string | null
}

export interface BrokerExecution {
  /** The execution id without its last part: a correction has the same root and a higher revision. */
  readonly root: string
  readonly revision: number
  readonly account: string
  readonly symbol: string
  readonly orderId: number
  readonly clientId: number
  readonly permId: number
  readonly orderRef: string
  readonly side: Side
  /** Shares; a bust is 0. */
  readonly quantity: number
  readonly price: number
  /** When it happened, by the broker's clock. */
  readonly time: EpochMs
}

/** What an execution cost; null until the broker knows. */
export interface BrokerCommission {
  readonly root: string
  readonly revision: number
  readonly commission: number | null
  readonly realizedPnl: number | null
}

export interface BrokerPosition {
  readonly account: string
  readonly symbol: string
  /** Shares, negative when short. */
  readonly quantity: number
  readonly averageCost: number
}

/** In the account's currency; null where the broker has not told. */
export interface AccountValues {
  readonly account: string
  readonly currency: string
  readonly netLiquidation: number | null
  readonly availableFunds: number | null
  readonly buyingPower: number | null
  readonly cash: number | null
  readonly realizedPnl: number | null
  readonly unrealizedPnl: number | null
}

/**
 * What a message about an order means: `rejected` and `cancelled` end it · `held` it waits, as outside hours ·
 * `duplicate` the id is used already · `unknown` look at the broker's own books · `note` nothing.
 */
export type OrderMessageEffect = 'rejected' | 'cancelled' | 'held' | 'duplicate' | 'unknown' | 'note'

/** Everything that the broker tells by itself. Nothing is left out, whatever state the connection is in. */
export type BrokerReport =
  | { readonly kind: 'order'; readonly order: BrokerOrder }
  | {
      readonly kind: 'status'
      readonly orderId: number
      readonly clientId: number
      readonly permId: number
      readonly status: BrokerOrderStatus
      readonly filled: number
      readonly remaining: number
      readonly averagePrice: number | null
    }
  | { readonly kind: 'execution'; readonly execution: BrokerExecution }
  | { readonly kind: 'commission'; readonly commission: BrokerCommission }
  | { readonly kind: 'position'; readonly position: BrokerPosition }
  | {
      readonly kind: 'message'
      readonly orderId: number
      readonly effect: OrderMessageEffect
      readonly code: number
      readonly text: string
      /** The JSON that comes with some rejections, as text. */
      readonly details: string | null
    }
  /** A session can take orders (again), or no longer; `dataLost`: what was subscribed is gone. */
  | { readonly kind: 'session'; readonly state: 'ready' | 'suspended' | 'ended'; readonly dataLost: boolean }

/** The broker's own books at one moment. */
export interface BrokerSnapshot {
  readonly takenAt: EpochMs
  /** The session it was asked in: two of one session can be compared. */
  readonly session: number
  readonly nextOrderId: number
  readonly positions: readonly BrokerPosition[]
  /** Of all clients. */
  readonly openOrders: readonly BrokerOrder[]
  /** Since midnight at the exchange, newest revisions and older ones alike. */
  readonly executions: readonly BrokerExecution[]
  readonly commissions: readonly BrokerCommission[]
  readonly completedOrders: readonly BrokerOrder[]
  readonly account: AccountValues
}

/** One accepted login of our one client id. */
export interface BrokerSession {
  /** Rises with each session of this process. */
  readonly number: number
  readonly clientId: number
  /** All accounts of the login; the first is the one traded unless another is named. */
  readonly accounts: readonly string[]
  readonly accountType: 'paper' | 'live'
  /** The id that TWS would give next. */
  readonly nextOrderId: number
  readonly since: EpochMs
}

/** What an order needs besides to leave; asked once more in the very turn in which it is written. */
export interface SendPermit {
  /** Why it may not leave any more (age, lease, kill level), or null. */
  readonly objection: () => string | null
  /** For the session with this number alone. */
  readonly session: number
  /** Entries also need live market data of our own, undelayed. */
  readonly isEntry: boolean
}

/** `refused`: nothing has left. After `sent` the order may exist. */
export type SendOutcome = { readonly kind: 'sent' } | { readonly kind: 'refused'; readonly reason: string }

/**
 * `link` TWS has lost its link to IB, as a rule for seconds · `readOnly` it takes no orders from programs: both keep
 * every order back · `data` the market data are another session's, or come late: entries alone are kept back.
 */
export interface Suspension {
  readonly kind: 'link' | 'readOnly' | 'data'
  readonly reason: string
}

/** Whether exits are kept back too, and questions about the account not answered. */
export const isOfEverything = (suspension: Suspension | null): boolean =>
  suspension !== null && suspension.kind !== 'data'

/**
 * The broker's half that takes orders. Questions reject with `unavailable` while no session is ready; nothing is ever
 * queued. Orders are never sent again by it.
 */
export interface Broker {
  /** Null while there is none that can take orders. */
  readonly session: BrokerSession | null
  /** What keeps orders back although there is a session, or null. */
  readonly suspension: Suspension | null
  /** Called with every report in its order. Returns what ends that. */
  onReport(listener: (report: BrokerReport) => void): () => void
  snapshot(): Promise<BrokerSnapshot>
  /**
   * Writes the tickets in one piece, after a round trip of at most 2 s just before, an empty send buffer, and a last
   * word from TWS at most 5 s old.
   */
  place(tickets: readonly OrderTicket[], permit: SendPermit): Promise<SendOutcome>
  /** Asks for the cancellation of an order of ours; the answer comes as reports. */
  cancel(orderId: number): Promise<void>
  /** Every order of every client, those of people too. */
  cancelEverything(): Promise<void>
  /** Gives the connection up and makes a new one. */
  recycle(reason: string): void
}

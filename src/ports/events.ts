import type { EpochMs } from '../market/time.ts'
import type { AlertName } from './alerts.ts'

interface OrderData {
  readonly orderRef: string
  readonly orderId: number
  readonly purpose: 'entry' | 'exit' | 'stop'
  readonly symbol: string
  readonly side: 'buy' | 'sell'
  readonly type: 'market' | 'stop'
  readonly quantity: number
  readonly filled: number
  readonly averagePrice: number | null
  readonly stopPrice: number | null
  /** Why it was ordered; for `order.rejected` and `order.cancelled` what the broker says. */
  readonly reason: string
}

interface StateData<State extends string> {
  readonly state: State
  readonly before: State | null
  readonly reason: string | null
}

interface AlertData {
  readonly alert: AlertName
  /** In a sentence. */
  readonly detail: string
  readonly since: string
}

/** What each event tells. Instants are ISO texts of market time, money and prices numbers: what is kept is what is told. */
export interface EventData {
  readonly 'trade.opened': {
    readonly symbol: string
    readonly entryTime: string
    readonly entryPrice: number
    readonly quantity: number
    readonly entryReason: string
  }
  readonly 'trade.closed': {
    readonly symbol: string
    readonly entryTime: string
    readonly entryPrice: number
    readonly entryReason: string
    readonly exitTime: string
    readonly exitPrice: number
    readonly exitReason: string
    readonly quantity: number
    readonly grossPnl: number
    /** Null while the broker has not told every commission. */
    readonly commission: number | null
    readonly netPnl: number | null
    readonly returnPct: number | null
  }
  readonly 'order.submitted': OrderData
  readonly 'order.partially_filled': OrderData
  readonly 'order.filled': OrderData
  readonly 'order.rejected': OrderData
  readonly 'order.cancelled': OrderData
  readonly 'stop.moved': {
    readonly symbol: string
    /** The candle at whose close it moved. */
    readonly candleTime: string
    readonly from: number | null
    readonly to: number
  }
  readonly 'trader.state': StateData<'off' | 'warming' | 'active' | 'reducing' | 'halted'>
  readonly 'gateway.state': StateData<string>
  readonly 'backfill.finished': {
    readonly id: string
    readonly symbol: string
    readonly from: string
    readonly to: string
    readonly state: 'done' | 'failed' | 'cancelled'
    readonly chunks: {
      readonly total: number
      readonly done: number
      readonly empty: number
      readonly failed: number
    }
  }
  readonly 'collection.stalled': { readonly detail: string; readonly since: string }
  /** Any but `collection.stalled`, which is an event of its own. */
  readonly 'alert.raised': AlertData
  readonly 'alert.cleared': AlertData
  readonly 'parity.report': {
    readonly date: string
    readonly decisions: number
    readonly differences: number
    readonly causes: {
      readonly data: number
      readonly timing: number
      readonly fill: number
      readonly state: number
    }
  }
  readonly 'day.summary': {
    readonly date: string
    readonly symbol: string
    readonly trades: number
    readonly wins: number
    readonly grossPnl: number
    readonly commissions: number
    readonly netPnl: number
    /** Shares held at the close. */
    readonly position: number
    readonly decisions: number
    readonly orders: number
    readonly rejected: number
    /** 0..1 of the session's seconds. */
    readonly coverage: number
    /** Whether the broker's books were found equal after the close; null where nothing is traded. */
    readonly reconciled: boolean | null
  }
}

export type EventType = keyof EventData

/** Something that others are told of. `sequence` rises by commits: who has seen one has seen all below it. */
export type TradingEvent = {
  readonly [T in EventType]: {
    readonly id: string
    readonly type: T
    /** Market time. */
    readonly time: EpochMs
    readonly sequence: number
    readonly data: EventData[T]
  }
}[EventType]

/** An event before it has a place. */
export type NewEvent = {
  readonly [T in EventType]: { readonly type: T; readonly time: EpochMs; readonly data: EventData[T] }
}[EventType]

/** Newest first. */
export interface EventPage {
  readonly limit: number
  /** Only those below this sequence. */
  readonly before?: number
  /** Only of these types. */
  readonly types?: readonly EventType[]
}

/** The outbox: what happened and has to be told, written in the transaction of the fact itself. */
export interface EventStore {
  /** To be called in the transaction of the fact, as its last writes: until its end nobody else can append. */
  append(events: readonly NewEvent[]): Promise<TradingEvent[]>
  /** Those with a higher sequence, in order. */
  after(sequence: number, limit: number): Promise<TradingEvent[]>
  list(page: EventPage): Promise<TradingEvent[]>
  /** The newest sequence; 0 before the first event. */
  latest(): Promise<number>
}

import type { EpochMs } from '../market/time.ts'

/** What an account holds of a stock. */
export interface Position {
  readonly symbol: string
  /** In shares, negative when short. */
  readonly quantity: number
  /** In US dollars a share, commissions included. */
  readonly averageCost: number
}

/** Something bought or sold. */
export interface Trade {
  readonly time: EpochMs
  readonly symbol: string
  readonly side: 'BOT' | 'SLD'
  /** In shares. */
  readonly quantity: number
  readonly price: number
  readonly exchange: string
  /** In US dollars. */
  readonly commission: number
  /** The client that ordered it; 0 also stands for a person at the TWS itself. */
  readonly clientId: number
  readonly orderId: number
  readonly permId: number
  readonly orderRef: string
}

/** A trade as an account's books have it. */
export interface Execution extends Trade {
  /** Ends in `.01`; a correction has the same id but for that end. */
  readonly id: string
  /** In US dollars, after commissions; null when it closes nothing. */
  readonly realizedPnl: number | null
}

/** An order that is filled, cancelled or rejected. TWS tells no order id of it. */
export interface CompletedOrder {
  readonly symbol: string
  readonly action: 'BUY' | 'SELL'
  readonly orderType: string
  readonly quantity: number
  readonly filledQuantity: number
  readonly limitPrice: number
  readonly stopPrice: number
  readonly timeInForce: string
  readonly orderRef: string
  readonly permId: number
  /** Null when a person ordered it at the TWS itself. */
  readonly clientId: number | null
  readonly status: 'Filled' | 'Cancelled' | 'Inactive'
  readonly completedAt: EpochMs
  /** Such as `Filled Size: 100` or `Cancelled by Trader`. */
  readonly reason: string
}

/** An account as it is at the simulator's start. */
export interface Account {
  readonly id: string
  /** In US dollars. */
  readonly cash: number
  readonly positions: readonly Position[]
  readonly executions: readonly Execution[]
  readonly completedOrders: readonly CompletedOrder[]
}

/** An account that has nothing but cash. */
export const emptyAccount = (id: string): Account => ({
  id,
  cash: 1_000_000,
  positions: [],
  executions: [],
  completedOrders: [],
})

/** Paper accounts begin with `D`: clients refuse to trade on anything else by default. */
export const PAPER_ACCOUNT: Account = emptyAccount('DU1234567')

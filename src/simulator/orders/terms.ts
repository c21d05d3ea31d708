/** The types of orders that are matched here, as they travel. */
export const ORDER_TYPES = ['MKT', 'LMT', 'STP', 'STP LMT', 'TRAIL', 'TRAIL LIMIT', 'MOC', 'LOC'] as const

export type OrderType = (typeof ORDER_TYPES)[number]

export const TIMES_IN_FORCE = ['DAY', 'GTC', 'GTD', 'IOC'] as const

export type TimeInForce = (typeof TIMES_IN_FORCE)[number]

export type Action = 'BUY' | 'SELL'

/** What an order wants. Prices in US dollars; null is a field that is not set. */
export interface OrderTerms {
  readonly symbol: string
  readonly exchange: string
  readonly action: Action
  /** In shares, what is filled already included. */
  readonly quantity: number
  readonly orderType: OrderType
  readonly limitPrice: number | null
  /** The stop, or of a trailing order the amount by which it trails. */
  readonly auxPrice: number | null
  readonly timeInForce: TimeInForce
  /** Of `GTD`, as the client wrote it; else empty. */
  readonly goodTillDate: string
  /** Empty for none. */
  readonly ocaGroup: string
  /** 1 the first fill cancels the others · 2, 3 it makes them smaller. 0 where there is no group. */
  readonly ocaType: number
  readonly orderRef: string
  readonly outsideRth: boolean
  /** The order id of the order whose fill lets this one work; 0 for none. */
  readonly parentId: number
  readonly triggerMethod: number
  /** Where a trailing stop begins. */
  readonly trailStopPrice: number | null
  /** 1 is 1 % of the price. */
  readonly trailingPercent: number | null
  /** Of `TRAIL LIMIT`: how far behind the stop its limit lies. */
  readonly limitOffset: number | null
}

const STOPS: readonly OrderType[] = ['STP', 'STP LMT', 'TRAIL', 'TRAIL LIMIT']

/** Whether the order waits for its price before it goes to the exchange. */
export const isStop = ({ orderType }: Pick<OrderTerms, 'orderType'>): boolean => STOPS.includes(orderType)

export const isTrailing = ({ orderType }: Pick<OrderTerms, 'orderType'>): boolean =>
  orderType === 'TRAIL' || orderType === 'TRAIL LIMIT'

const LIMITED: readonly OrderType[] = ['LMT', 'STP LMT', 'TRAIL LIMIT', 'LOC']

/** Whether it trades at a limit once it is at the exchange. */
export const isLimited = ({ orderType }: Pick<OrderTerms, 'orderType'>): boolean =>
  LIMITED.includes(orderType)

/** Whether it trades at the close alone. */
export const isAtClose = ({ orderType }: Pick<OrderTerms, 'orderType'>): boolean =>
  orderType === 'MOC' || orderType === 'LOC'

/** Where the fields of a message lie that tell what it is about, counted from its id at 0. */
interface Places {
  readonly name: string
  readonly requestId?: number
  readonly symbol?: number
  readonly action?: number
  readonly orderType?: number
}

/** What clients send, by message id. */
export const REQUESTS: ReadonlyMap<number, Places> = new Map<number, Places>([
  [1, { name: 'marketData', requestId: 2, symbol: 4 }],
  [2, { name: 'cancelMarketData', requestId: 2 }],
  [3, { name: 'placeOrder', requestId: 1, symbol: 3, action: 16, orderType: 18 }],
  [4, { name: 'cancelOrder' }],
  [5, { name: 'openOrders' }],
  [6, { name: 'accountUpdates' }],
  [7, { name: 'executions', requestId: 2 }],
  [8, { name: 'ids' }],
  [9, { name: 'contractDetails', requestId: 2, symbol: 4 }],
  [15, { name: 'autoOpenOrders' }],
  [16, { name: 'allOpenOrders' }],
  [17, { name: 'managedAccounts' }],
  [20, { name: 'historicalData', requestId: 1, symbol: 3 }],
  [25, { name: 'cancelHistoricalData', requestId: 2 }],
  [49, { name: 'currentTime' }],
  [50, { name: 'realTimeBars', requestId: 2, symbol: 4 }],
  [51, { name: 'cancelRealTimeBars', requestId: 2 }],
  [58, { name: 'globalCancel' }],
  [59, { name: 'marketDataType' }],
  [61, { name: 'positions' }],
  [62, { name: 'accountSummary', requestId: 2 }],
  [63, { name: 'cancelAccountSummary', requestId: 2 }],
  [64, { name: 'cancelPositions' }],
  [71, { name: 'startApi' }],
  [74, { name: 'positionsMulti', requestId: 2 }],
  [75, { name: 'cancelPositionsMulti', requestId: 2 }],
  [76, { name: 'accountUpdatesMulti', requestId: 2 }],
  [77, { name: 'cancelAccountUpdatesMulti', requestId: 2 }],
  [78, { name: 'optionParameters', requestId: 1, symbol: 2 }],
  [81, { name: 'matchingSymbols', requestId: 1 }],
  [87, { name: 'headTimestamp', requestId: 1, symbol: 3 }],
  [90, { name: 'cancelHeadTimestamp', requestId: 1 }],
  [91, { name: 'marketRule' }],
  [92, { name: 'pnl', requestId: 1 }],
  [93, { name: 'cancelPnl', requestId: 1 }],
  [94, { name: 'pnlSingle', requestId: 1 }],
  [95, { name: 'cancelPnlSingle', requestId: 1 }],
  [96, { name: 'historicalTicks', requestId: 1, symbol: 3 }],
  [97, { name: 'tickByTick', requestId: 1, symbol: 3 }],
  [98, { name: 'cancelTickByTick', requestId: 1 }],
  [99, { name: 'completedOrders' }],
])

/** What the server sends, by message id. */
export const ANSWERS: ReadonlyMap<number, Places> = new Map<number, Places>([
  [1, { name: 'tickPrice', requestId: 2 }],
  [2, { name: 'tickSize', requestId: 2 }],
  [3, { name: 'orderStatus', requestId: 1 }],
  [4, { name: 'error', requestId: 2 }],
  [5, { name: 'openOrder', requestId: 1 }],
  [6, { name: 'accountValue' }],
  [7, { name: 'portfolioValue' }],
  [8, { name: 'accountUpdateTime' }],
  [9, { name: 'nextValidId' }],
  [10, { name: 'contractData', requestId: 1 }],
  [11, { name: 'execDetails', requestId: 1 }],
  [15, { name: 'managedAccounts' }],
  [17, { name: 'historicalData', requestId: 1 }],
  [45, { name: 'tickGeneric', requestId: 2 }],
  [46, { name: 'tickString', requestId: 2 }],
  [49, { name: 'currentTime' }],
  [50, { name: 'realTimeBar', requestId: 2 }],
  [52, { name: 'contractDataEnd', requestId: 2 }],
  [53, { name: 'openOrderEnd' }],
  [54, { name: 'accountDownloadEnd' }],
  [55, { name: 'execDetailsEnd', requestId: 2 }],
  [57, { name: 'tickSnapshotEnd', requestId: 2 }],
  [58, { name: 'marketDataType', requestId: 2 }],
  [59, { name: 'commissionReport' }],
  [61, { name: 'position' }],
  [62, { name: 'positionEnd' }],
  [63, { name: 'accountSummary', requestId: 2 }],
  [64, { name: 'accountSummaryEnd', requestId: 2 }],
  [71, { name: 'positionMulti', requestId: 2 }],
  [72, { name: 'positionMultiEnd', requestId: 2 }],
  [73, { name: 'accountUpdateMulti', requestId: 2 }],
  [74, { name: 'accountUpdateMultiEnd', requestId: 2 }],
  [76, { name: 'optionParametersEnd', requestId: 1 }],
  [79, { name: 'symbolSamples', requestId: 1 }],
  [81, { name: 'tickReqParams', requestId: 1 }],
  [88, { name: 'headTimestamp', requestId: 1 }],
  [90, { name: 'historicalDataUpdate', requestId: 1 }],
  [93, { name: 'marketRule' }],
  [94, { name: 'pnl', requestId: 1 }],
  [95, { name: 'pnlSingle', requestId: 1 }],
  [96, { name: 'historicalTicks', requestId: 1 }],
  [97, { name: 'historicalTicksBidAsk', requestId: 1 }],
  [98, { name: 'historicalTicksLast', requestId: 1 }],
  [99, { name: 'tickByTick', requestId: 1 }],
  [101, { name: 'completedOrder' }],
  [102, { name: 'completedOrdersEnd' }],
  [106, { name: 'historicalSchedule', requestId: 1 }],
])

/** What a message is about. */
export interface About {
  readonly name: string
  readonly requestId: number | null
  readonly symbol: string | null
  /** Of an order: `BUY` or `SELL`. */
  readonly action: string | null
  readonly orderType: string | null
}

/** Reads what a message is about; one of an unknown id is named after it. */
export function aboutOf(kinds: ReadonlyMap<number, Places>, fields: readonly string[]): About {
  const places = kinds.get(Number(fields[0]))
  const requestId = places?.requestId === undefined ? null : Number(fields[places.requestId])
  const at = (place: number | undefined) => (place === undefined ? null : (fields[place] ?? null))
  return {
    name: places?.name ?? String(fields[0]),
    requestId,
    symbol: at(places?.symbol),
    action: at(places?.action),
    orderType: at(places?.orderType),
  }
}

export const namesOf = (kinds: ReadonlyMap<number, Places>): string[] =>
  [...kinds.values()].map(({ name }) => name)

import { idAfter, noOrderId, unlessCompeting, unlessElsewhere, unlessReadOnly } from './gates.ts'
import type { Handler } from './handler.ts'
import { accountSummary } from './handlers/accountSummary.ts'
import * as accounts from './handlers/accounts.ts'
import { cancelHistoricalData } from './handlers/cancelHistoricalData.ts'
import { cancelStream } from './handlers/cancelStream.ts'
import { contractDetails, optionParameters } from './handlers/contractDetails.ts'
import { currentTime } from './handlers/currentTime.ts'
import { executions } from './handlers/executions.ts'
import { headTimestamp } from './handlers/headTimestamp.ts'
import { historicalData } from './handlers/historicalData.ts'
import { historicalTicks } from './handlers/historicalTicks.ts'
import { cancelMarketData, marketData } from './handlers/marketData.ts'
import { marketDataType } from './handlers/marketDataType.ts'
import { marketRule, matchingSymbols } from './handlers/matchingSymbols.ts'
import * as orders from './handlers/orders.ts'
import { pnl, pnlSingle } from './handlers/pnl.ts'
import { cancelPositions, positions, positionsMulti } from './handlers/positions.ts'
import { cancelRealTimeBars, realTimeBars } from './handlers/realTimeBars.ts'
import { startApi } from './handlers/startApi.ts'
import { cancelTickByTick, tickByTick } from './handlers/tickByTick.ts'

/** TWS takes these in silence: cancels of what never changes here, log level, bulletins, family codes and the like. */
const ignored: Handler = () => {}

const IGNORED = [12, 13, 14, 80, 90, 104]

const START_API = 71

const HANDLERS: ReadonlyMap<number, Handler> = new Map([
  ...IGNORED.map((id): [number, Handler] => [id, ignored]),
  [1, unlessCompeting(idAfter(1), marketData)],
  [2, cancelMarketData],
  [3, unlessReadOnly(idAfter(0), orders.placeOrder)],
  [4, unlessReadOnly(orders.readCancelledId, orders.cancelOrder)],
  [5, unlessReadOnly(noOrderId, orders.openOrders)],
  [6, accounts.accountUpdates],
  [7, executions],
  [8, orders.ids],
  [9, contractDetails],
  [15, unlessReadOnly(noOrderId, orders.autoOpenOrders)],
  [16, unlessReadOnly(noOrderId, orders.allOpenOrders)],
  [17, accounts.managedAccounts],
  [20, unlessElsewhere(idAfter(0), historicalData)],
  [25, cancelHistoricalData],
  [49, currentTime],
  [50, unlessCompeting(idAfter(1), realTimeBars)],
  [51, cancelRealTimeBars],
  [59, marketDataType],
  [58, unlessReadOnly(noOrderId, orders.globalCancel)],
  [61, positions],
  [62, accountSummary],
  [63, cancelStream('accountSummary', 1)],
  [64, cancelPositions],
  [START_API, startApi],
  [74, positionsMulti],
  [75, cancelStream('positionsMulti', 1)],
  [76, accounts.accountUpdatesMulti],
  [77, cancelStream('accountUpdatesMulti', 1)],
  [78, optionParameters],
  [81, matchingSymbols],
  [87, headTimestamp],
  [91, marketRule],
  [92, pnl],
  [93, cancelStream('pnl', 0)],
  [94, pnlSingle],
  [95, cancelStream('pnlSingle', 0)],
  [96, unlessElsewhere(idAfter(0), historicalTicks)],
  [97, unlessCompeting(idAfter(0), tickByTick)],
  [98, cancelTickByTick],
  [99, unlessReadOnly(noOrderId, orders.completedOrders)],
])

/** Who answers a message, or undefined when TWS knows no such id. Before startApi nothing else is heard. */
export const handlerOf = (messageId: number, isStarted: boolean): Handler | undefined =>
  isStarted || messageId === START_API ? HANDLERS.get(messageId) : ignored

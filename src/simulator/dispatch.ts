import type { Handler } from './handler.ts'
import * as accounts from './handlers/accounts.ts'
import { cancelHistoricalData } from './handlers/cancelHistoricalData.ts'
import { contractDetails } from './handlers/contractDetails.ts'
import { currentTime } from './handlers/currentTime.ts'
import { headTimestamp } from './handlers/headTimestamp.ts'
import { historicalData } from './handlers/historicalData.ts'
import { marketDataType } from './handlers/marketDataType.ts'
import { marketRule, matchingSymbols } from './handlers/matchingSymbols.ts'
import { notYet } from './handlers/notYet.ts'
import * as orders from './handlers/orders.ts'
import { positions, positionsMulti } from './handlers/positions.ts'
import { startApi } from './handlers/startApi.ts'

/** TWS takes these in silence: cancels of what never changes here, log level, bulletins, family codes and the like. */
const ignored: Handler = () => {}

const IGNORED = [2, 12, 13, 14, 15, 51, 58, 63, 64, 75, 77, 78, 80, 90, 93, 95, 98, 104]

const START_API = 71

const HANDLERS: ReadonlyMap<number, Handler> = new Map([
  ...IGNORED.map((id): [number, Handler] => [id, ignored]),
  [1, notYet('live market data', 1)],
  [3, orders.placeOrder],
  [4, orders.cancelOrder],
  [5, orders.openOrders],
  [6, accounts.accountUpdates],
  [7, orders.executions],
  [8, orders.ids],
  [9, contractDetails],
  [16, orders.openOrders],
  [17, accounts.managedAccounts],
  [20, historicalData],
  [25, cancelHistoricalData],
  [49, currentTime],
  [50, notYet('real-time bars', 1)],
  [59, marketDataType],
  [61, positions],
  [62, accounts.accountSummary],
  [START_API, startApi],
  [74, positionsMulti],
  [76, accounts.accountUpdatesMulti],
  [81, matchingSymbols],
  [87, headTimestamp],
  [91, marketRule],
  [92, notYet('profit and loss', 0)],
  [94, notYet('profit and loss of a position', 0)],
  [96, notYet('historical ticks', 0)],
  [97, notYet('tick-by-tick data', 0)],
  [99, orders.completedOrders],
])

/** Who answers a message, or undefined when TWS knows no such id. Before startApi nothing else is heard. */
export const handlerOf = (messageId: number, isStarted: boolean): Handler | undefined =>
  isStarted || messageId === START_API ? HANDLERS.get(messageId) : ignored

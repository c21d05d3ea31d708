import type { Fill } from '../execution/fill.ts'
import { Position } from '../execution/position.ts'
import { amount } from '../market/money.ts'
import { type EpochMs, isoInstant } from '../market/time.ts'
import type { NewEvent } from '../ports/events.ts'
import type { BookedExecution } from '../ports/executions.ts'

/** What executions make of a symbol: they are the only truth about what is held. */
export interface Holding {
  /** Shares; negative when more was sold than was held, which must never be. */
  readonly quantity: number
  /** What the shares cost on average; NaN unless long. */
  readonly averagePrice: number
  /** The executions of what is held, from the first buy on; empty while flat. */
  readonly open: readonly BookedExecution[]
  /** Closed round trips, oldest first. */
  readonly closed: readonly Trip[]
}

/** From flat to flat. */
export interface Trip {
  readonly executions: readonly BookedExecution[]
}

/** `executions`: ours, of one symbol, newest revisions, in their order. */
export function holdingOf(executions: readonly BookedExecution[]): Holding {
  let open: BookedExecution[] = []
  let quantity = 0
  const closed: Trip[] = []
  for (const execution of executions) {
    if (execution.quantity === 0) continue
    quantity += signed(execution)
    open.push(execution)
    if (quantity !== 0) continue
    closed.push({ executions: open })
    open = []
  }
  return { quantity, averagePrice: averageOf(open), open, closed }
}

/** Each symbol with its executions, in their order. */
export function bySymbol(executions: readonly BookedExecution[]): [string, BookedExecution[]][] {
  const symbols = [...new Set(executions.map(({ symbol }) => symbol))]
  return symbols.map((symbol) => [symbol, executions.filter((each) => each.symbol === symbol)])
}

const signed = ({ side, quantity }: Pick<BookedExecution, 'side' | 'quantity'>): number =>
  side === 'buy' ? quantity : -quantity

/** By the engine's own reckoning, so that live and replayed stops lie at the same price. */
function averageOf(open: readonly BookedExecution[]): number {
  const position = new Position()
  for (const execution of open) {
    if (execution.side === 'sell' && execution.quantity > position.quantity) return Number.NaN
    position.apply(fillOf(execution))
  }
  return position.averagePrice
}

/** An execution as the engine takes it. */
export const fillOf = ({ time, side, quantity, price, commission }: BookedExecution): Fill => ({
  ...{ time, side, quantity, price },
  commission: commission ?? 0,
  slippage: 0,
})

type Reasons = (execution: BookedExecution) => string

/** What others are told when a position has been opened or closed by the newest executions. */
export function tripNews(before: Holding, after: Holding, reasonOf: Reasons, at: EpochMs): NewEvent[] {
  const news: NewEvent[] = []
  for (const trip of after.closed.slice(before.closed.length)) news.push(closedEvent(trip, reasonOf, at))
  const [first] = after.open
  if (before.quantity === 0 && after.quantity > 0 && first) news.push(openedEvent(after, reasonOf(first), at))
  return news
}

function openedEvent({ open, quantity, averagePrice }: Holding, entryReason: string, at: EpochMs): NewEvent {
  const { symbol, time } = open[0]!
  const data = {
    symbol,
    entryTime: isoInstant(time),
    entryPrice: amount(averagePrice),
    quantity,
    entryReason,
  }
  return { type: 'trade.opened', time: at, data }
}

function closedEvent({ executions }: Trip, reasonOf: Reasons, at: EpochMs): NewEvent {
  const [first, last] = [executions[0]!, executions.at(-1)!]
  const data = {
    symbol: first.symbol,
    entryTime: isoInstant(first.time),
    entryReason: reasonOf(first),
    exitTime: isoInstant(last.time),
    exitReason: reasonOf(last),
    ...resultOf(executions),
  }
  return { type: 'trade.closed', time: at, data }
}

/** What a round trip came to. Money that depends on a commission which is not told yet is null. */
export function resultOf(executions: readonly BookedExecution[]) {
  const [bought, sold] = [lotOf(executions, 'buy'), lotOf(executions, 'sell')]
  const grossPnl = sold.value - bought.value
  const commission = executions.reduce<number | null>(
    (sum, each) => (sum === null || each.commission === null ? null : sum + each.commission),
    0,
  )
  const netPnl = commission === null ? null : grossPnl - commission
  return {
    entryPrice: amount(bought.value / bought.quantity),
    exitPrice: amount(sold.value / sold.quantity),
    quantity: bought.quantity,
    grossPnl: amount(grossPnl),
    commission: commission && amount(commission),
    netPnl: netPnl && amount(netPnl),
    returnPct: netPnl === null ? null : netPnl / bought.value,
  }
}

function lotOf(executions: readonly BookedExecution[], side: 'buy' | 'sell') {
  const of = executions.filter((each) => each.side === side)
  return {
    quantity: of.reduce((sum, each) => sum + each.quantity, 0),
    value: of.reduce((sum, each) => sum + each.quantity * each.price, 0),
  }
}

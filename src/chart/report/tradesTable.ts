import type { Trade } from '../../execution/trade.ts'
import { sortableInstant } from '../exchangeTime.ts'
import { counted, decimal, exactPrice, lookOf, money, signed, signedPercent } from '../figures.ts'
import type { ChartSubject } from '../subject.ts'
import { type Cell, cell, paragraph, table } from './html.ts'

/** A page with more would not be read, and hardly be opened. */
const MOST = 2_000

const HEAD = [
  '#',
  'Entry',
  'Price',
  'Exit',
  'Price',
  'Shares',
  'Net',
  'Return',
  'Candles',
  'Worst',
  'Best',
  'Commission',
  'Why it ended',
]

/** Every closed trade, oldest first, and the open one below them. */
export function tradesTable({ outcome: { trades, openTrade } }: ChartSubject): string {
  if (trades.length === 0 && openTrade === null) return paragraph('There was no trade.', 'muted')
  const rows = trades.slice(0, MOST).map(closedRow)
  const open = openTrade ? [openRow(openTrade)] : []
  const left = trades.length - rows.length
  const note = left > 0 ? paragraph(`${counted(left, 'later trade')} left out here.`, 'muted') : ''
  return table(HEAD, [...rows, ...open], 'trades') + note
}

const closedRow = (trade: Trade, index: number): Cell[] => [
  cell(decimal(index + 1, 0), 'muted'),
  { content: sortableInstant(trade.entryTime), hint: trade.entryReason },
  cell(exactPrice(trade.entryPrice)),
  { content: sortableInstant(trade.exitTime), hint: trade.exitReason },
  cell(exactPrice(trade.exitPrice)),
  cell(decimal(trade.quantity, 0)),
  cell(signed(trade.netPnl, 2), lookOf(trade.netPnl)),
  cell(signedPercent(trade.returnPct), lookOf(trade.netPnl)),
  cell(decimal(trade.bars, 0)),
  cell(signedPercent(trade.mae)),
  cell(signedPercent(trade.mfe)),
  cell(money(trade.commission)),
  cell(trade.exitReason, 'reason'),
]

const openRow = (open: NonNullable<ChartSubject['outcome']['openTrade']>): Cell[] => [
  cell('open', 'muted'),
  { content: sortableInstant(open.entryTime), hint: open.entryReason },
  cell(exactPrice(open.entryPrice)),
  cell(`at ${sortableInstant(open.markTime)}`, 'muted'),
  cell(exactPrice(open.markPrice), 'muted'),
  cell(decimal(open.quantity, 0)),
  cell(signed(open.unrealizedPnl, 2), lookOf(open.unrealizedPnl)),
  cell(signedPercent(open.markPrice / open.entryPrice - 1), lookOf(open.unrealizedPnl)),
  cell(decimal(open.bars, 0)),
  cell(''),
  cell(''),
  cell(''),
  cell('still open, marked to the last close', 'reason'),
]

import type { BacktestRequest } from '../backtest/request.ts'
import { candleClose } from '../market/candleClose.ts'
import type { EpochMs } from '../market/time.ts'
import { clockTime, fullDate, fullInstant } from './exchangeTime.ts'
import { counted, decimal, percent, signedPercent } from './figures.ts'
import type { ChartSubject } from './subject.ts'

/** `SPY · 5m candles`, and that its fills are optimistic where they are (strategy, F1). */
export const titleOf = ({ request }: ChartSubject): string =>
  [
    request.symbol,
    `${request.size} candles`,
    ...(request.execution.fill === 'close' ? ['optimistic fills'] : []),
  ].join(' · ')

/** From the first candle's start to the last one's close, else what was asked for. */
export function rangeTold({ request, outcome: { candles } }: ChartSubject): string {
  const hours = request.session === 'rth' ? 'regular hours' : 'extended hours'
  if (candles.length === 0)
    return `no candles from ${fullInstant(request.from)} to ${fullInstant(request.to)} New York`
  const [first, last] = [candles.time[0], candles.time[candles.length - 1]] as [EpochMs, EpochMs]
  return `${spanTold(first, candleClose(request, last))} New York · ${hours} · ${counted(candles.length, 'candle')}`
}

/** `7 Oct 2013 09:30 – 9 Oct 2013 16:00`; a single date is told once. */
function spanTold(from: EpochMs, to: EpochMs): string {
  const date = fullDate(to) === fullDate(from) ? '' : `${fullDate(to)} `
  return `${fullDate(from)} ${clockTime(from)} – ${date}${clockTime(to)}`
}

/** The parameters in one line. */
export function parametersTold({ strategy, execution, sizing }: BacktestRequest): string {
  return [
    `swings ${strategy.left} left ${strategy.right} right, ${TIES[strategy.ties]}`,
    `${strategy.ma.toUpperCase()} ${strategy.length}`,
    strategy.trigger === 'level' ? 'close above the level' : 'close crosses the level',
    `${strategy.stop} stop${strategy.guard ? '' : ' without guard'}`,
    ...(strategy.protectiveStopPct === null ? [] : [`resting stop ${strategy.protectiveStopPct} %`]),
    FILLS[execution.fill],
    costsTold(execution),
    sizing.kind === 'shares'
      ? counted(sizing.shares, 'share')
      : `${Number((sizing.fraction * 100).toFixed(2))}\u00A0% of equity`,
  ].join('\u00A0· ')
}

const TIES = { strict: 'strict', last: 'last of ties', any: 'ties count' } as const
const FILLS = {
  open: 'filled at the next open',
  close: 'filled at the close',
  second: 'filled by the second',
} as const

function costsTold({ slippageTicks, slippageBps, commission }: BacktestRequest['execution']): string {
  const told = [
    ...(commission === 'none' ? [] : [commission]),
    ...(slippageTicks > 0 ? [counted(slippageTicks, 'tick')] : []),
    ...(slippageBps > 0 ? [`${slippageBps} bp`] : []),
  ]
  return told.length === 0 ? 'no costs' : told.join(' and ')
}

/** `buy and hold +1.02 %`. */
export function holdTold({ outcome: { statistics } }: ChartSubject): string {
  const { buyAndHoldReturn } = statistics
  return `buy and hold ${buyAndHoldReturn === null ? 'unknown' : signedPercent(buyAndHoldReturn)}`
}

/** `12 trades · 42 % won · drawdown 1.31 %`. */
export function tradesTold({ outcome: { statistics, openTrade } }: ChartSubject): string {
  const { trades, winRate, maxDrawdown } = statistics
  return [
    counted(trades, 'closed trade') + (openTrade ? ' and an open one' : ''),
    ...(winRate === null ? [] : [`${decimal(winRate * 100, 0)}\u00A0% won`]),
    ...(maxDrawdown === null ? [] : [`drawdown ${percent(Math.abs(maxDrawdown))}`]),
  ].join(' · ')
}

/** The whole picture in words, for those who do not see it. */
export function describe(subject: ChartSubject): string {
  const { pivotHighs, pivotLows, statistics } = subject.outcome
  const result = statistics.totalReturn === null ? 'no result' : signedPercent(statistics.totalReturn)
  return [
    `${titleOf(subject)}, ${rangeTold(subject)}.`,
    `Parameters: ${parametersTold(subject.request)}.`,
    `${counted(pivotHighs.length, 'swing high')} and ${counted(pivotLows.length, 'swing low')}.`,
    `Result ${result}, ${holdTold(subject)}; ${tradesTold(subject)}.`,
    'From top to bottom: candles with levels, moving average, entries and exits; volume; equity; drawdown.',
  ].join(' ')
}

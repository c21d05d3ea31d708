import type { BacktestOutcome } from '../backtest/outcome.ts'
import type { BacktestRequest } from '../backtest/request.ts'
import type { Statistics } from '../backtest/statistics/statistics.ts'
import type { OpenTrade, Trade } from '../execution/trade.ts'
import { amount } from '../market/money.ts'
import { isoInstant, parseInstant } from '../market/time.ts'
import type { Decision, Level } from '../strategy/decision.ts'

// The contract's forms of what a run yields: instants are texts, and amounts have no noise.

export const shownRequest = (request: BacktestRequest) => ({
  symbol: request.symbol,
  from: isoInstant(request.from),
  to: isoInstant(request.to),
  size: request.size,
  session: request.session,
  align: request.align,
  base: request.base,
  strategy: request.strategy,
  execution: request.execution,
  sizing: request.sizing,
  initialCash: request.initialCash,
  force: request.force,
})

/** The request again. */
export const requestOf = (shown: ShownRequest): BacktestRequest => ({
  ...shown,
  from: parseInstant(shown.from),
  to: parseInstant(shown.to),
})

/** Everything but the trades. */
export const shownResult = (outcome: BacktestOutcome, dataVersion: string, warnings: readonly string[]) => ({
  dataVersion,
  candles: outcome.candles.length,
  pivotHighs: outcome.pivotHighs.length,
  pivotLows: outcome.pivotLows.length,
  rewrites: outcome.rewrites,
  statistics: shownStatistics(outcome.statistics),
  openTrade: outcome.openTrade && shownOpenTrade(outcome.openTrade),
  warnings: [...warnings, ...outcome.warnings],
})

const shownStatistics = ({ commissions, slippageCost, ...rest }: Statistics) => ({
  ...rest,
  commissions: amount(commissions),
  slippageCost: amount(slippageCost),
})

export const shownTrade = ({ entryTime, entryPrice, entryReason, exitTime, ...rest }: Trade) => ({
  entryTime: isoInstant(entryTime),
  entryPrice: amount(entryPrice),
  entryReason,
  exitTime: isoInstant(exitTime),
  ...rest,
  exitPrice: amount(rest.exitPrice),
  grossPnl: amount(rest.grossPnl),
  commission: amount(rest.commission),
  netPnl: amount(rest.netPnl),
})

const shownOpenTrade = ({ entryTime, markTime, ...rest }: OpenTrade) => ({
  entryTime: isoInstant(entryTime),
  ...rest,
  entryPrice: amount(rest.entryPrice),
  unrealizedPnl: amount(rest.unrealizedPnl),
  markTime: isoInstant(markTime),
})

export const shownDecision = ({ time, decidedAt, breakout, swingLow, ...rest }: Decision) => ({
  time: isoInstant(time),
  decidedAt: isoInstant(decidedAt),
  breakout: breakout && shownLevel(breakout),
  swingLow: swingLow && shownLevel(swingLow),
  ...rest,
})

const shownLevel = ({ price, pivotTime, confirmedAt }: Level) => ({
  price,
  pivotTime: isoInstant(pivotTime),
  confirmedAt: isoInstant(confirmedAt),
})

export type ShownRequest = ReturnType<typeof shownRequest>
export type ShownResult = ReturnType<typeof shownResult>
export type ShownTrade = ReturnType<typeof shownTrade>

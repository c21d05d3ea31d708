import { invalid } from '../errors.ts'
import type { Sizing } from '../execution/parameters.ts'
import { type BarSize, barSizeMs } from '../market/barSize.ts'
import type { CandleGrid } from '../market/resample.ts'
import type { SessionKind } from '../market/session.ts'
import type { TraderSettings, TradingLimits } from '../ports/traders.ts'
import type { StrategyChange } from '../ports/trading.ts'
import type { PivotBreakoutParameters } from '../strategy/parameters.ts'
import { given, PRESETS } from '../strategy/presets.ts'

/** Settings of which some are stated. */
export interface SettingsChange {
  readonly symbol?: string | undefined
  readonly size?: BarSize | undefined
  readonly session?: SessionKind | undefined
  readonly strategy?: StrategyChange | undefined
  readonly sizing?: Sizing | undefined
  readonly limits?: { readonly [L in keyof TradingLimits]?: number | undefined } | undefined
  readonly foreign?: TraderSettings['foreign'] | undefined
}

/** Reliability, pre-trade limits. */
const LIMITS: TradingLimits = {
  maxPosition: 100,
  maxOrderNotional: 25_000,
  maxGrossNotional: 25_000,
  ordersPerMinute: 4,
  ordersPerDay: 40,
  entriesPerMinute: 2,
  entriesPerDay: 20,
  rejectsBeforeReducing: 3,
  roundTripsBeforeReducing: 5,
  maxDailyLossPct: 2,
  maxPriceDistancePct: 1,
  maxBarAgeMs: 30_000,
  maxDecisionAgeMs: 10_000,
  maxReconcileAgeMs: 60_000,
  maxClockSkewMs: 2_000,
  entryLifeMs: 30_000,
  fundsFactor: 1.2,
  afterOpenMs: 0,
  beforeCloseMs: 0,
}

/** A replay fills at the first second after a close, as a market order does. */
const EXECUTION = {
  fill: 'second',
  latencyMs: 0,
  slippageTicks: 0,
  slippageBps: 0,
  commission: 'none',
} as const

const PROTECTIVE_STOP_PCT = 3

export const DEFAULT_SETTINGS: TraderSettings = {
  symbol: 'SPY',
  size: '5m',
  session: 'rth',
  strategy: { ...PRESETS.default.strategy, protectiveStopPct: PROTECTIVE_STOP_PCT },
  sizing: { kind: 'shares', shares: 10 },
  limits: LIMITS,
  execution: EXECUTION,
  foreign: 'refuse',
}

/** The settings with what the change states. */
export function changedSettings(settings: TraderSettings, change: SettingsChange): TraderSettings {
  const { strategy = {}, limits = {}, ...fields } = change
  return {
    ...settings,
    ...given(fields),
    strategy: changedStrategy(settings.strategy, strategy),
    limits: { ...settings.limits, ...given(limits) },
  }
}

/** A preset sets everything but the protective stop; fields beside it override it. */
function changedStrategy(
  current: PivotBreakoutParameters,
  { preset, ...fields }: StrategyChange,
): PivotBreakoutParameters {
  const { protectiveStopPct } = current
  const base = preset === undefined ? current : { ...PRESETS[preset].strategy, protectiveStopPct }
  return { ...base, ...given(fields) }
}

/** Throws `invalid` where a decision could still be acted on when the next candle has closed: one of the two is stale. */
export function mustDecideInTime({ size, limits }: TraderSettings): void {
  if (limits.maxDecisionAgeMs < barSizeMs(size)) return
  const message = `must be shorter than the candles, which are of ${size}`
  throw invalid('the settings of the trader cannot be used: see TRADER_CONFIG', {
    issues: [{ path: '/limits/maxDecisionAgeMs', message }],
  })
}

/** How the candles of a trader are cut: its sizes come out alike in either alignment. */
export const gridOf = ({ size, session }: TraderSettings): CandleGrid => ({ size, session, align: 'session' })

import type { BacktestRequest } from '../backtest/request.ts'
import { type BarSize, barSizeMs } from '../market/barSize.ts'
import { type Session, sessionsBetween } from '../market/session.ts'
import type { TimeRange } from '../market/time.ts'
import { rollupOf } from './candleColumns.ts'
import { refusedAt } from './refusal.ts'

interface Limit {
  readonly most: number
  readonly path: string
  readonly size: BarSize
  readonly what: string
  readonly remedy: string
}

/** Whether fills are looked for in 1-second bars. */
export const walksSeconds = ({ strategy, execution }: BacktestRequest): boolean =>
  execution.fill === 'second' || strategy.protectiveStopPct !== null

/** The parts of a request's range that have bars. */
export interface Stored {
  readonly base: TimeRange
  /** 1-second bars to find fills in; null where none are there or none are asked for. */
  readonly seconds: TimeRange | null
}

/** Refuses what would take too much, with the arithmetic. */
export function checkLimits(request: BacktestRequest, { base, seconds }: Stored): void {
  const sessions = sessionsBetween(base, request.session)
  for (const limit of limitsOf(request)) checkLimit(limit, sessions)
  if (seconds !== null) checkLimit(limitOfSeconds(request), sessionsBetween(seconds, request.session))
}

function limitsOf(request: BacktestRequest): Limit[] {
  const sizeRead = rollupOf(request.base, request) ?? request.base
  return [
    // Five years of minutes in regular hours.
    { most: 500_000, path: '/size', size: request.size, what: 'candles', remedy: 'a larger size' },
    // Read one after the other: five years of seconds in extended hours.
    { most: 75_000_000, path: '/base', size: sizeRead, what: 'bars to read', remedy: 'a larger base' },
  ]
}

/** Held at once, 64 bytes each: a year of regular hours. */
function limitOfSeconds({ execution }: BacktestRequest): Limit {
  const held = { most: 6_000_000, size: '1s', what: 'bars to find fills in' } as const
  return execution.fill === 'second'
    ? { ...held, path: '/execution/fill', remedy: 'another fill' }
    : { ...held, path: '/strategy/protectiveStopPct', remedy: 'no protective stop' }
}

function checkLimit({ most, path, size, what, remedy }: Limit, sessions: readonly Session[]): void {
  const count = sessions.reduce((sum, { from, to }) => sum + Math.ceil((to - from) / barSizeMs(size)), 0)
  if (count <= most) return
  const message =
    `${sessions.length} sessions give up to ${grouped(count)} ${what} of ${size}, and ${grouped(most)} is the most: ` +
    `ask for ${remedy} or a shorter range`
  throw refusedAt(path, message)
}

/** `1,234,567`. */
const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',')

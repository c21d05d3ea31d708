import { seededRandom } from '../market/seededRandom.ts'
import { type Bar, BarSeries } from '../market/series.ts'
import { exchangeDate, type Session, sessionOn } from '../market/session.ts'
import {
  type EpochMs,
  epochMs,
  MINUTE_MS,
  plus,
  type Random,
  SECOND_MS,
  type TimeRange,
} from '../market/time.ts'
import { hashOf } from './noise.ts'

/** What goes wrong in regular hours, for every symbol. Nothing when left out. */
export interface Incidents {
  readonly seed: number
  /** Mean number of halts in a session, each 5 to 30 minutes without a trade. */
  readonly halts?: number
  /** Mean number of bad prints in a session: single trades far from the market. */
  readonly badPrints?: number
}

/** A day's bars without those of its halts, and with its bad prints. All else is as it would have been. */
export function withIncidents(
  bars: BarSeries,
  incidents: Incidents,
  symbol: string,
  date: string,
): BarSeries {
  const { halts = 0, badPrints = 0 } = incidents
  if (halts === 0 && badPrints === 0) return bars
  const stopped = haltsOn(incidents, symbol, date)
  const traded = [...bars].filter(({ time }) => !stopped.some((halt) => isIn(halt, time)))
  return BarSeries.of(withBadPrints(traded, incidents, symbol, date))
}

export const isHalted = (incidents: Incidents, symbol: string, at: EpochMs): boolean =>
  haltsOn(incidents, symbol, exchangeDate(at)).some((halt) => isIn(halt, at))

const isIn = ({ from, to }: TimeRange, at: EpochMs): boolean => from <= at && at < to

const SHORTEST_HALT_MINUTES = 5
const LONGEST_HALT_MINUTES = 30

function haltsOn({ seed, halts = 0 }: Incidents, symbol: string, date: string): TimeRange[] {
  const session = halts > 0 ? sessionOn(date, 'rth') : null
  if (!session) return []
  const random = seededRandom(hashOf(seed, symbol, date, 'halts'))
  return Array.from({ length: countFrom(random, halts) }, () => haltIn(session, random))
}

function haltIn({ from, to }: Session, random: Random): TimeRange {
  const spread = LONGEST_HALT_MINUTES - SHORTEST_HALT_MINUTES
  const minutes = SHORTEST_HALT_MINUTES + Math.floor(random() * (spread + 1))
  const begins = plus(from, Math.floor((random() * (to - from)) / SECOND_MS) * SECOND_MS)
  return { from: begins, to: epochMs(Math.min(to, begins + minutes * MINUTE_MS)) }
}

/** A whole number around `mean`: it is met on average. */
const countFrom = (random: Random, mean: number): number => Math.floor(mean + random())

/** How far off a bad print lies: beyond this of the price, up to six times as much. */
const LEAST_MISS = 0.05

function withBadPrints(bars: Bar[], { seed, badPrints = 0 }: Incidents, symbol: string, date: string): Bar[] {
  const session = sessionOn(date, 'rth')!
  const random = seededRandom(hashOf(seed, symbol, date, 'bad prints'))
  const regular = bars.flatMap(({ time }, i) => (isIn(session, time) ? [i] : []))
  const count = regular.length === 0 ? 0 : countFrom(random, badPrints)
  for (let k = 0; k < count; k++) {
    const i = regular[Math.floor(random() * regular.length)]!
    bars[i] = missed(bars[i]!, LEAST_MISS * (1 + 5 * random()), random() < 0.5)
  }
  return bars
}

/** A bar in which one more trade, of a hundred shares, missed the market. */
function missed(bar: Bar, miss: number, isAbove: boolean): Bar {
  const print = Math.max(1, Math.round(bar.close * (isAbove ? 1 + miss : 1 - miss) * 100)) / 100
  return {
    ...bar,
    high: Math.max(bar.high, print),
    low: Math.min(bar.low, print),
    volume: bar.volume + 100,
    tradeCount: (bar.tradeCount ?? 0) + 1,
  }
}

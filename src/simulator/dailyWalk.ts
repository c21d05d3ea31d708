import { seededRandom } from '../market/seededRandom.ts'
import { hashesOf, hashOf, normalFrom } from './noise.ts'

/** The frame of one generated day: logarithms of prices, and how much the day moves. */
export interface DayFrame {
  /** Where extended hours begin: the price at which they last ended. */
  readonly early: number
  readonly open: number
  readonly close: number
  readonly late: number
  /** Standard deviation of the day's logarithmic return. */
  readonly sigma: number
}

interface Level {
  readonly close: number
  readonly late: number
  readonly sigma: number
}

/** What the prices of every symbol do besides walking. */
export interface Climate {
  /** Logarithmic return of a year that is added to the walk: 0.1 makes about 10 % a year. 0 when left out. */
  readonly trend?: number
  /** How much wilder than usual it is; 1 when left out. */
  readonly volatility?: number
}

/**
 * The walk of a symbol from day to day, by day number since 1970-01-01. Any day can be asked for without those
 * before it: returns are drawn from seed, symbol and day, and the walk forgets slowly enough to look like one.
 */
export function dailyWalk(seed: number, symbol: string, climate: Climate = {}): (day: number) => DayFrame {
  const levels = new Map<number, Level>()
  const levelOn = (day: number): Level => {
    const level = levels.get(day) ?? levelOf(seed, symbol, day, climate)
    levels.set(day, level)
    return level
  }
  return (day) => {
    const before = levelOn(weekdayBefore(day))
    const today = levelOn(day)
    const gap =
      NIGHT_SHARE * (today.close - before.close) + OPEN_NOISE * today.sigma * drawn(seed, symbol, day, 'open')
    return { ...today, early: before.late, open: before.close + gap }
  }
}

/** How much of a day's return is made between two sessions. */
const NIGHT_SHARE = 0.35
const OPEN_NOISE = 0.2
const LATE_NOISE = 0.12

/** Days that a level remembers, and how fast it forgets: prices stay within sight of where they began. */
const MEMORY_DAYS = 2_000
const LEVEL_DECAY = 0.998
const SIGMA = 0.009

/** Volatility clusters: its logarithm is a slow walk of its own. */
const VOLATILITY_DECAY = 0.93
const VOLATILITY_STEP = 0.13

/** Trends are counted from 2024-01-01: there prices are what they are without one. */
const TREND_DAY = 19_723
const DAYS_PER_YEAR = 365.25

function levelOf(seed: number, symbol: string, day: number, { trend = 0, volatility = 1 }: Climate): Level {
  const seedOn = hashesOf(seed, symbol)
  let [level, heat, sigma] = [0, 0, SIGMA]
  for (let past = day - MEMORY_DAYS; past <= day; past++) {
    if (isWeekend(past)) continue
    const normal = normalFrom(seededRandom(seedOn(past)))
    heat = VOLATILITY_DECAY * heat + VOLATILITY_STEP * normal()
    sigma = volatility * SIGMA * Math.exp(heat)
    level = LEVEL_DECAY * level + sigma * normal()
  }
  const close = Math.log(typicalPrice(symbol)) + level + (trend * (day - TREND_DAY)) / DAYS_PER_YEAR
  return { close, late: close + LATE_NOISE * sigma * drawn(seed, symbol, day, 'late'), sigma }
}

const drawn = (seed: number, symbol: string, day: number, what: string): number =>
  normalFrom(seededRandom(hashOf(seed, symbol, day, what)))()

const TYPICAL_PRICES: ReadonlyMap<string, number> = new Map([
  ['SPY', 450],
  ['QQQ', 380],
])

/** Between 20 and 400 dollars, always the same for a symbol. */
const typicalPrice = (symbol: string): number =>
  TYPICAL_PRICES.get(symbol) ?? 20 * 20 ** seededRandom(hashOf(symbol, 'price'))()

/** Day 0 was a Thursday. */
const isWeekend = (day: number): boolean => (day + 4) % 7 === 6 || (day + 4) % 7 === 0

function weekdayBefore(day: number): number {
  let before = day - 1
  while (isWeekend(before)) before--
  return before
}

import { seededRandom } from '../market/seededRandom.ts'
import { BarSeries } from '../market/series.ts'
import { type SessionKind, sessionOn } from '../market/session.ts'
import { SECOND_MS, type TimeRange } from '../market/time.ts'
import type { DayFrame } from './dailyWalk.ts'
import { type Incidents, withIncidents } from './incidents.ts'
import { addSeconds, type Stretch } from './intraday.ts'
import { hashOf } from './noise.ts'
import { remembered } from './remembered.ts'
import { splitUp } from './splits.ts'

/** One day to be made. */
export interface GeneratedDay {
  /** Its seed is that of the day. */
  readonly incidents: Incidents
  readonly activities: Activities
  /** Where bars are made, before their number is known. */
  readonly scratch: BarSeries
  readonly symbol: string
  readonly date: string
  readonly frame: DayFrame
  /** Of one share at the beginning of time. */
  readonly shares: number
}

/** The seconds from 04:00 to 20:00. */
export const LONGEST_DAY_BARS = 57_600

type Part = 'early' | 'regular' | 'late'

/** The bars of a day in regular or in all hours, with what goes wrong in it. */
export function generateDay(day: GeneratedDay, kind: SessionKind): BarSeries {
  const { incidents, symbol, date, scratch, shares } = day
  scratch.length = 0
  const parts: readonly Part[] = kind === 'rth' ? ['regular'] : ['early', 'regular', 'late']
  for (const part of parts) addSeconds(scratch, stretchOf(day, part))
  return splitUp(withIncidents(fitted(scratch), incidents, symbol, date), shares)
}

/** A copy that takes no more room than it needs. */
function fitted(bars: BarSeries): BarSeries {
  const { length } = bars
  const copy = new BarSeries(length)
  for (const name of COLUMNS) copy[name].set(bars[name].subarray(0, length))
  copy.length = length
  return copy
}

const COLUMNS = ['time', 'open', 'high', 'low', 'close', 'volume', 'vwap', 'tradeCount'] as const

function stretchOf({ incidents, activities, symbol, date, frame }: GeneratedDay, part: Part): Stretch {
  const [all, regular] = [sessionOn(date, 'all')!, sessionOn(date, 'rth')!]
  const { early, open, close, late, sigma } = frame
  const of = ({ from, to }: TimeRange) => {
    const seconds = (to - from) / SECOND_MS
    const seed = hashOf(incidents.seed, symbol, date, part)
    return { from, seconds, seed, activity: activities(part, seconds), liquidity: 1 }
  }
  switch (part) {
    case 'early':
      return {
        ...of({ from: all.from, to: regular.from }),
        ...{ start: early, end: open, sigma: sigma * 0.25, auctions: [0, 0] },
      }
    case 'regular':
      return {
        ...of(regular),
        ...{ start: open, end: close, sigma: sigma * 0.8, auctions: [40_000, 25_000] },
        liquidity: liquidityOf(symbol),
      }
    case 'late':
      return {
        ...of({ from: regular.to, to: all.to }),
        ...{ start: close, end: late, sigma: sigma * 0.15, auctions: [250_000, 0] },
      }
  }
}

/** Some symbols trade more than others, all in most seconds of regular hours. */
const liquidityOf = (symbol: string): number => 1.35 + 0.4 * seededRandom(hashOf(symbol, 'liquidity'))()

/** How busy the seconds of a part of the day are, of which there are so many. */
export type Activities = (part: Part, seconds: number) => Float64Array

/** By fractions of the part. */
const ACTIVITY: Readonly<Record<Part, (fraction: number) => number>> = {
  /** Before the open hardly anything trades, and more and more of it. */
  early: (fraction) => 0.015 + 0.25 * fraction ** 3,
  /** Busy at the open, quiet at noon, busy into the close. */
  regular: (fraction) => 0.62 + 1.3 * Math.abs(2 * fraction - 1) ** 3 + 0.9 * Math.exp(-40 * fraction),
  /** After the close what is left to do is soon done. */
  late: (fraction) => 0.02 + 0.3 * Math.exp(-8 * fraction),
}

/** The three parts of whole days, of half days and of days that open late. */
const MAX_ACTIVITIES = 12

/** They are remembered: all days have the same. */
export function activities(): Activities {
  const made = remembered(MAX_ACTIVITIES, (key) => {
    const [part, seconds] = key.split(' ') as [Part, string]
    return new Float64Array(Number(seconds)).map((_, i) => ACTIVITY[part](i / Number(seconds)))
  })
  return (part, seconds) => made(`${part} ${seconds}`)
}

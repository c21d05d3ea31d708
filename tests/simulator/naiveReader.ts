import { askOf, bidOf, spreadsOf } from '../../src/simulator/quotes.ts'

/** A trading day, written out: instants in ISO 8601. */
export interface Day {
  readonly date: string
  readonly rth: readonly [open: string, close: string]
  readonly all: readonly [open: string, close: string]
}

export interface Trade {
  readonly at: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  readonly vwap: number
  readonly count: number
}

export interface Question {
  readonly sizeMs: number | 'day' | 'week' | 'month'
  readonly duration: string
  readonly shown: string
  readonly hours: 'rth' | 'all'
  /** Milliseconds since 1970. */
  readonly end: number
}

/** From a day on there are so many shares for each one before. */
export interface NaiveSplit {
  readonly date: string
  readonly ratio: number
}

/** `at, open, high, low, close`, and for trades `volume, vwap, count`. */
export type NaiveBar = readonly number[]

const SECOND = 1_000

/**
 * What a request for historical data should be answered: read off the tape, second by second, in the most pedestrian
 * way. It shares no code with what it judges but for the spread of a quote, which is a matter of taste.
 */
export class NaiveReader {
  readonly #days: readonly Day[]
  readonly #first: number
  /** By seconds after the first. */
  readonly #tape: ReadonlyMap<number, Trade>
  readonly #spreadAt: (at: number) => { below: number; above: number }
  readonly #split: NaiveSplit

  constructor(symbol: string, days: readonly Day[], tape: readonly Trade[], split: NaiveSplit) {
    this.#split = split
    this.#days = days
    this.#first = tape[0]!.at
    this.#tape = new Map(tape.map((trade) => [(trade.at - this.#first) / SECOND, trade]))
    this.#spreadAt = spreadsOf(symbol)
  }

  /** The bars that start in the time asked for, those of weeks and months dated by their last day. */
  answer({ sizeMs, duration, shown, hours, end }: Question, now: number): NaiveBar[] {
    const to = Math.min(end, now)
    const from = this.#start(duration, to, hours)
    const over = Math.min(now, typeof sizeMs === 'number' ? to + sizeMs : now)
    const groups = new Map<string, number[][]>()
    for (const day of this.#days) {
      const [open, close] = day[hours].map(Date.parse) as [number, number]
      if (close <= from || open >= to) continue
      const monday = week(day)
      for (const part of this.#parts(day, shown, from, over)) {
        if (part[0]! < open || part[0]! >= close) continue
        const start = typeof sizeMs === 'number' ? startOfBar(part[0]!, sizeMs, day, open) : open
        if (start < from || start >= to) continue
        const key = sizeMs === 'week' ? monday : sizeMs === 'month' ? day.date.slice(0, 7) : String(start)
        if (!groups.has(key)) groups.set(key, [])
        groups.get(key)!.push([start, ...this.#adjusted(part.slice(1), day)])
      }
    }
    return [...groups.values()].map((parts) => (shown === 'BID_ASK' ? averaged(parts) : merged(parts, shown)))
  }

  #start(duration: string, to: number, hours: 'rth' | 'all'): number {
    const [count, unit] = [Number.parseInt(duration, 10), duration.at(-1)]
    if (unit === 'S') return to - count * SECOND
    if (unit === 'D') {
      const opens = this.#days.map((day) => Date.parse(day[hours][0])).filter((open) => open < to)
      return opens.at(-count)!
    }
    const [year, month, date] = dateInNewYork(to)
    if (unit === 'W') return midnight(new Date(Date.UTC(year, month - 1, date - 7 * count + 1)))
    return midnight(new Date(Date.UTC(year, month - 1 - count, date + 1)))
  }

  /** `at, open, high, low, close, …` of every second of a day that has something to show and is over at `now`. */
  #parts(day: Day, shown: string, from: number, now: number): number[][] {
    const isTraded = shown === 'TRADES' || shown === 'ADJUSTED_LAST'
    const [open, close] = day.all.map(Date.parse) as [number, number]
    const parts: number[][] = []
    let still: number[] | null = null
    for (let at = open; at < close && at + SECOND <= now; at += SECOND) {
      const trade = this.#tape.get((at - this.#first) / SECOND)
      if (at >= from && trade) parts.push([at, ...(isTraded ? traded(trade) : this.#quote(trade, at, shown))])
      else if (at >= from && still) parts.push([at, ...still])
      if (trade && !isTraded) still = this.#quote(standing(trade), at, shown)
    }
    return parts
  }

  /** Prices before the split divided, and the volume multiplied. */
  #adjusted(numbers: readonly number[], { date }: Day): number[] {
    const shares = date < this.#split.date ? this.#split.ratio : 1
    return numbers.map((value, i) => (i < 4 || i === 5 ? value / shares : i === 4 ? value * shares : value))
  }

  #quote({ open, high, low, close }: Trade, at: number, shown: string): number[] {
    const spread = this.#spreadAt(at)
    const [bid, ask] = [(price: number) => bidOf(price, spread), (price: number) => askOf(price, spread)]
    if (shown === 'BID') return [open, high, low, close].map(bid)
    if (shown === 'ASK') return [open, high, low, close].map(ask)
    if (shown === 'BID_ASK') return [bid(close), ask(high), bid(low), ask(close)]
    return [open, high, low, close].map((price) => (bid(price) + ask(price)) / 2)
  }
}

const traded = ({ open, high, low, close, volume, vwap, count }: Trade): number[] => [
  ...[open, high, low, close, volume, vwap, count],
]

const standing = (trade: Trade): Trade => ({
  ...trade,
  open: trade.close,
  high: trade.close,
  low: trade.close,
})

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
const column = (parts: readonly number[][], i: number) => parts.map((part) => part[i]!)
const highest = (parts: readonly number[][]) => column(parts, 2).reduce((a, b) => Math.max(a, b))
const lowest = (parts: readonly number[][]) => column(parts, 3).reduce((a, b) => Math.min(a, b))

function merged(parts: readonly number[][], shown: string): NaiveBar {
  const prices = [parts[0]![1]!, highest(parts), lowest(parts), parts.at(-1)![4]!]
  if (shown !== 'TRADES' && shown !== 'ADJUSTED_LAST') return [parts.at(-1)![0]!, ...prices]
  const volume = sum(column(parts, 5))
  const vwap = sum(parts.map((part) => part[5]! * part[6]!)) / volume
  return [parts.at(-1)![0]!, ...prices, volume, vwap, sum(column(parts, 7))]
}

const averaged = (parts: readonly number[][]): NaiveBar => [
  parts.at(-1)![0]!,
  sum(column(parts, 1)) / parts.length,
  highest(parts),
  lowest(parts),
  sum(column(parts, 4)) / parts.length,
]

/** Bars are cut by New York's clock; the first begins with the session. */
function startOfBar(at: number, sizeMs: number, day: Day, open: number): number {
  const start = Date.parse(day.all[0]) - 4 * 3_600_000
  return Math.max(open, start + Math.floor((at - start) / sizeMs) * sizeMs)
}

/** The Monday of a day's week. */
function week({ date }: Day): string {
  const day = new Date(date)
  return new Date(day.getTime() - ((day.getUTCDay() + 6) % 7) * 86_400_000).toISOString()
}

const NEW_YORK = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/New_York',
  ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', hourCycle: 'h23' },
})

const partOf = (at: number, type: string) =>
  Number(NEW_YORK.formatToParts(at).find((part) => part.type === type)!.value)

const dateInNewYork = (at: number) => [partOf(at, 'year'), partOf(at, 'month'), partOf(at, 'day')] as const

/** Midnight in New York of a date, given as its midnight in UTC: four or five hours later. */
function midnight(date: Date): number {
  const early = date.getTime() + 4 * 3_600_000
  return partOf(early, 'hour') === 0 ? early : early + 3_600_000
}

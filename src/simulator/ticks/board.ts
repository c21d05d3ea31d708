import { sessionAt } from '../../market/session.ts'
import type { EpochMs } from '../../market/time.ts'
import type { Message } from '../fields.ts'
import { tickGeneric, tickPrice, tickSize, tickString } from '../messages/ticks.ts'
import { epochSeconds } from '../wireTime.ts'
import type { DataType } from './entitlement.ts'
import type { Ticker } from './ticker.ts'

/** One line of what is told of a symbol: a price, with the size at it where it has one, or something else. */
interface Line {
  readonly kind: 'price' | 'size' | 'text' | 'number'
  readonly value: number | string
  /** Shares at the price; null where that says nothing. */
  readonly size: number | null
}

/** All that is told of a symbol at one moment, by what it is. */
export type Board = ReadonlyMap<Told, Line>

type Told = keyof typeof LIVE_TYPES

/** Tick types of live data, and those of delayed ones. */
const LIVE_TYPES = {
  bid: 1,
  ask: 2,
  last: 4,
  high: 6,
  low: 7,
  close: 9,
  open: 14,
  volume: 8,
  time: 45,
  halted: 49,
}
const DELAYED_TYPES = {
  bid: 66,
  ask: 67,
  last: 68,
  high: 72,
  low: 73,
  close: 75,
  open: 76,
  volume: 74,
  time: 88,
  halted: 90,
}
/** The types of the sizes that go with prices. */
const LIVE_SIZES: Partial<Record<Told, number>> = { bid: 0, ask: 3, last: 5 }
const DELAYED_SIZES: Partial<Record<Told, number>> = { bid: 69, ask: 70, last: 71 }

/** TWS's price where nobody quotes. */
const NO_PRICE = -1

export interface Moment {
  readonly at: EpochMs
  readonly type: DataType
  readonly isHalted: boolean
}

/** What a ticker has to tell. While the market is closed there is no quote, unless a frozen one was asked for. */
export function boardOf({ last, day, previousClose }: Ticker, { at, type, isHalted }: Moment): Board {
  const isQuoted = sessionAt(at, 'all') !== null || type === 2 || type === 4
  const quote = last && isQuoted ? last.quote : { bid: NO_PRICE, ask: NO_PRICE, bidSize: 0, askSize: 0 }
  const lines: [Told, Line | null][] = [
    ['time', last && { kind: 'text', value: epochSeconds(last.time), size: null }],
    ['bid', price(quote.bid, quote.bidSize)],
    ['ask', price(quote.ask, quote.askSize)],
    ['last', last && price(last.price, last.size)],
    ['halted', { kind: 'number', value: isHalted ? 1 : 0, size: null }],
    ['volume', { kind: 'size', value: day.volume, size: null }],
    ['high', priceAlone(day.high)],
    ['low', priceAlone(day.low)],
    ['close', priceAlone(previousClose)],
    ['open', priceAlone(day.open)],
  ]
  return new Map(lines.flatMap(([told, line]) => (line ? [[told, line]] : [])))
}

const price = (value: number, size: number): Line => ({ kind: 'price', value, size })

const priceAlone = (value: number | null): Line | null =>
  value === null ? null : { kind: 'price', value, size: null }

/** The messages that tell what has changed since `before`: a size alone when its price is the same. */
export function changes(id: number, before: Board, now: Board, isDelayed: boolean): Message[] {
  const [types, sizes] = isDelayed ? [DELAYED_TYPES, DELAYED_SIZES] : [LIVE_TYPES, LIVE_SIZES]
  return [...now].flatMap(([told, line]) => {
    const earlier = before.get(told)
    const isSame = earlier?.value === line.value
    if (!isSame) return [whole(id, types[told], told, line)]
    if (earlier.size === line.size || line.size === null) return []
    return [tickSize(id, sizes[told]!, line.size)]
  })
}

function whole(id: number, type: number, told: Told, { kind, value, size }: Line): Message {
  if (kind === 'text') return tickString(id, type, String(value))
  if (kind === 'number') return tickGeneric(id, type, Number(value))
  if (kind === 'size') return tickSize(id, type, Number(value))
  return tickPrice(id, type, Number(value), size ?? 0, told === 'bid' || told === 'ask' ? 1 : 0)
}

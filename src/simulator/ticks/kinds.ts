import type { Message } from '../fields.ts'
import type { Listing } from '../listings.ts'
import { historicalTicks, tickByTick } from '../messages/ticks.ts'
import { toStep } from '../quotes.ts'
import { epochSeconds } from '../wireTime.ts'
import type { Tick } from './tick.ts'

/** One kind of ticks: how they are told as they come, and those of the past. */
export interface TickKind {
  readonly liveType: number
  readonly historyId: 96 | 97 | 98
  /** What a tick tells, to leave out those that tell nothing new; null where each counts. */
  told(tick: Tick, ignoreSize: boolean): string | null
  live(tick: Tick, listing: Listing): Message
  past(tick: Tick, listing: Listing): Message
}

const NO_FLAGS = 0
const NO_CONDITIONS = ''

const midpointOf = ({ quote }: Tick): number => toStep((quote.bid + quote.ask) / 2)

const trades = (liveType: number): TickKind => ({
  liveType,
  historyId: 98,
  told: () => null,
  live: ({ price, size }, { primaryExchange }) => [price, size, NO_FLAGS, primaryExchange, NO_CONDITIONS],
  past: ({ time, price, size }, { primaryExchange }) => [
    ...[epochSeconds(time), NO_FLAGS, price, size, primaryExchange, NO_CONDITIONS],
  ],
})

export const TRADES = trades(1)
export const ALL_TRADES = trades(2)

export const QUOTES: TickKind = {
  liveType: 3,
  historyId: 97,
  told: ({ quote: { bid, ask, bidSize, askSize } }, ignoreSize) =>
    (ignoreSize ? [bid, ask] : [bid, ask, bidSize, askSize]).join(),
  live: ({ quote: { bid, ask, bidSize, askSize } }) => [bid, ask, bidSize, askSize, NO_FLAGS],
  past: ({ time, quote: { bid, ask, bidSize, askSize } }) => [
    ...[epochSeconds(time), NO_FLAGS, bid, ask, bidSize, askSize],
  ],
}

export const MIDPOINTS: TickKind = {
  liveType: 4,
  historyId: 96,
  told: (tick) => String(midpointOf(tick)),
  live: (tick) => [midpointOf(tick)],
  past: (tick) => [epochSeconds(tick.time), 0, midpointOf(tick), 0],
}

/** Lets through the ticks that tell something new. */
export function newsOf(kind: TickKind, ignoreSize: boolean): (tick: Tick) => boolean {
  let last: string | null = null
  return (tick) => {
    const told = kind.told(tick, ignoreSize)
    const isNew = told === null || told !== last
    last = told
    return isNew
  }
}

export const liveTick = (id: number, kind: TickKind, tick: Tick, listing: Listing): Message =>
  tickByTick(id, kind.liveType, epochSeconds(tick.time), kind.live(tick, listing))

export const pastTicks = (id: number, kind: TickKind, ticks: readonly Tick[], listing: Listing): Message =>
  historicalTicks(
    kind.historyId,
    id,
    ticks.length,
    ticks.flatMap((tick) => kind.past(tick, listing)),
  )

import { type Instrument, roundToTick } from '../market/instrument.ts'
import type { Bar } from '../market/series.ts'
import { type EpochMs, plus, type Random } from '../market/time.ts'
import type { OrderTicket } from '../ports/broker.ts'
import type { Intent, NewIntent } from '../ports/intents.ts'
import type { TraderSettings } from '../ports/traders.ts'
import { orderRefOf, ulid } from './ids.ts'

/** Under what an intent is made: it says so for ever. */
export interface Stamp {
  readonly at: EpochMs
  readonly random: Random
  readonly epoch: number
  readonly build: string
  /** The candle decided on, or the newest when nothing was. */
  readonly candle: Bar
  readonly barHash: string
  readonly symbol: string
  /** The figures that the limits were checked with. */
  readonly risk: string
}

interface Terms {
  readonly purpose: NewIntent['purpose']
  readonly attempt: number
  readonly orderId: number | null
  readonly parent: string | null
  /** Null for a group of its own. */
  readonly ocaGroup: string | null
  readonly quantity: number
  readonly stopPrice: number | null
  readonly reason: string
  readonly expiresAt: EpochMs | null
}

/** An intent before it is stored. */
export function draft(stamp: Stamp, terms: Terms): NewIntent {
  const { at, random, epoch, build, candle, barHash, symbol, risk } = stamp
  const id = ulid(at, random)
  const { purpose, attempt, orderId, parent, ocaGroup, quantity, stopPrice, reason, expiresAt } = terms
  return {
    ...{ id, symbol, purpose, attempt, orderId, parent, quantity, stopPrice, reason, expiresAt },
    ...{ epoch, build, risk, barHash },
    candleTime: candle.time,
    orderRef: orderRefOf(id),
    ocaGroup: ocaGroup ?? orderRefOf(id),
    side: purpose === 'entry' ? 'buy' : 'sell',
    type: purpose === 'stop' ? 'stop' : 'market',
    state: 'reserved',
    code: null,
    detail: null,
    createdAt: at,
  }
}

/** An order to enter and the stop that its fill brings to life: two intents with neighbouring order ids. */
export function bracket(
  stamp: Stamp,
  { limits, strategy }: TraderSettings,
  { minTick }: Pick<Instrument, 'minTick'>,
  wish: {
    readonly quantity: number
    readonly orderId: number
    readonly attempt: number
    readonly reason: string
  },
): [NewIntent, NewIntent] {
  const { quantity, orderId, attempt, reason } = wish
  const expiresAt = plus(stamp.at, limits.entryLifeMs)
  const entry = draft(stamp, {
    ...{ purpose: 'entry', attempt, orderId, quantity, reason, expiresAt },
    ...{ parent: null, ocaGroup: '', stopPrice: null },
  })
  const stopPrice = stopPriceOf(stamp.candle.close, strategy.protectiveStopPct!, minTick)
  const stop = draft(stamp, {
    ...{ purpose: 'stop', attempt, orderId: orderId + 1, quantity, expiresAt: null },
    ...{ parent: entry.id, ocaGroup: null, stopPrice, reason: stopReason(stopPrice) },
  })
  return [entry, stop]
}

/** Where the stop of a position lies: by the engine's own formula (strategy, F2). */
export const stopPriceOf = (price: number, pct: number, minTick: number): number =>
  roundToTick(price * (1 - pct / 100), minTick)

export const stopReason = (stopPrice: number): string => `protective stop ${stopPrice.toFixed(2)}`

/** The order of an intent as it goes to the broker. A stop that was made with its entry stays tied to it. */
export function ticketOf(
  intent: Intent,
  at: { readonly account: string; readonly instrument: Instrument; readonly parent: Intent | null },
): OrderTicket {
  const { orderId, orderRef, side, quantity, type, stopPrice, purpose } = intent
  const isChild = at.parent?.purpose === 'entry' && at.parent.orderId === orderId! - 1
  return {
    ...{ orderId: orderId!, orderRef, side, quantity, type, stopPrice },
    ...{ account: at.account, instrument: at.instrument },
    parentId: isChild ? at.parent!.orderId : null,
    timeInForce: purpose === 'stop' ? 'gtc' : 'day',
    ocaGroup: intent.ocaGroup,
    transmit: purpose !== 'entry',
  }
}

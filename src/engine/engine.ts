import type { Fill } from '../execution/fill.ts'
import type { MarketOrder } from '../execution/order.ts'
import type { Sizing } from '../execution/parameters.ts'
import { Position } from '../execution/position.ts'
import { sharesToBuy } from '../execution/sizing.ts'
import { tradableFrom } from '../market/candleClose.ts'
import { roundToTick } from '../market/instrument.ts'
import type { CandleGrid } from '../market/resample.ts'
import type { BarSeries } from '../market/series.ts'
import type { EpochMs } from '../market/time.ts'
import type { Decision } from '../strategy/decision.ts'
import type { Strategy } from '../strategy/strategy.ts'
import type { Command } from './command.ts'
import { DecidedOrder } from './decidedOrder.ts'
import { DecisionLog, type Veto } from './decisionLog.ts'
import { decisionRecord } from './decisionRecord.ts'
import { type EntryWindow, isInside } from './entryWindow.ts'
import type { EngineEvent } from './event.ts'

/** Whose money is traded. */
export interface Account {
  /** Cash and position, the position at `price`. */
  equityAt(price: number): number
}

/** What an engine trades by. */
export interface Rules {
  readonly grid: CandleGrid
  readonly sizing: Sizing
  /** Per cent below the entry price at which a stop rests at the broker; null for none. */
  readonly protectiveStopPct: number | null
  /** The instrument's smallest price step. */
  readonly minTick: number
  /** Null lets entries be at any hour. */
  readonly entryWindow: EntryWindow | null
}

interface EngineOptions {
  /** How many candles to expect. */
  readonly capacity?: number
  /** Is told of events as they happen. */
  readonly tell?: (event: EngineEvent) => void
}

/**
 * Closed candles and fills in, commands and events out. It has no clock and does nothing by itself, so the same code
 * decides over stored candles and over live ones. What is held it knows from fills alone, whenever they come.
 */
export class Engine {
  readonly position = new Position()
  /** A row for each candle. */
  readonly decisions: DecisionLog
  readonly #strategy: Strategy
  readonly #rules: Rules
  readonly #tell: ((event: EngineEvent) => void) | null
  /** How many candles the strategy has observed: all that are decided on, and perhaps more. */
  #observed = 0
  #order: MarketOrder | null = null
  /** Shares of the order that are not filled yet. */
  #unfilled = 0

  constructor(strategy: Strategy, rules: Rules, { capacity = 64, tell }: EngineOptions = {}) {
    this.decisions = new DecisionLog(capacity)
    this.#strategy = strategy
    this.#rules = rules
    this.#tell = tell ?? null
  }

  /** The order that is on its way, or null. */
  get pending(): MarketOrder | null {
    return this.#order
  }

  /**
   * Takes in the candles before `to`, which have all closed. Whoever has many to decide on does so once before, which is
   * quicker: `close` takes in only what is not yet.
   */
  observe(bars: BarSeries, to: number): void {
    this.decisions.reserve(to)
    this.#strategy.observe(bars, this.decisions, this.#observed, to)
    this.#observed = to
  }

  /** Candle `i` of `bars` has closed: one decision (strategy, P7). Called for each candle in turn. */
  close(bars: BarSeries, i: number, account: Account): Command | null {
    return this.closeUntilCommand(bars, i, i + 1, account)
  }

  /**
   * The same for the candles from `from` on, before `to`, until one yields a command: without orders nothing is filled in
   * between. `decisions.length` tells how far it came.
   */
  closeUntilCommand(bars: BarSeries, from: number, to: number, account: Account): Command | null {
    if (to > this.#observed) this.observe(bars, to)
    const isLong = this.position.quantity > 0 || this.#order?.side === 'buy'
    for (let i = from; i < to; i++) {
      i = this.#passQuiet(bars, i, to, isLong)
      const command = i < to ? this.#act(isLong ? 'exit' : 'enter', bars, i, account) : null
      if (command !== null) return command
    }
    return null
  }

  /** Candle `i` closed before the first one that may be traded on: it is taken in, and nothing is decided. */
  warmUp(bars: BarSeries, i: number): void {
    if (i >= this.#observed) this.observe(bars, i + 1)
    this.decisions.stop[i] = Number.NaN
    this.decisions.pass(i + 1, false)
  }

  /** An execution of ours, in whole or in part. The answer keeps the protective stop in step with what is held. */
  fill(fill: Fill): Command | null {
    const { position } = this
    const wasFlat = position.quantity === 0
    position.apply(fill)
    this.#settle(fill)
    if (wasFlat) this.#tell?.({ kind: 'opened', fill })
    if (position.quantity === 0) this.#tell?.({ kind: 'closed', fill })
    return this.#protection()
  }

  /** The order on its way will not be filled any further. */
  drop(): void {
    this.#order = null
  }

  /** The decision at the close of candle `i`, with its reasons. */
  decisionAt(bars: BarSeries, i: number): Decision {
    return decisionRecord(this.#strategy, this.#rules.grid, bars, i, this.decisions.at(i))
  }

  /** Decides on candles until something is to be done at one, and answers its index; the others do nothing. */
  #passQuiet(bars: BarSeries, from: number, to: number, isLong: boolean): number {
    const { stop } = this.#strategy
    const next = this.#strategy.decide(bars, this.decisions, from, to, isLong)
    if (isLong && this.#tell !== null) this.#tellStops(bars, from, Math.min(next + 1, to), stop)
    this.decisions.pass(next, isLong)
    return next
  }

  #act(signal: 'enter' | 'exit', bars: BarSeries, i: number, account: Account): Command | null {
    const order = this.#orderFor(signal, bars, i, account)
    const veto = this.#vetoOf(order)
    const action = veto === null ? signal : 'none'
    this.decisions.record(signal === 'exit', action, veto)
    if (veto !== null) return null
    this.#order = order
    this.#unfilled = order.quantity
    return { kind: 'trade', order }
  }

  #orderFor(signal: 'enter' | 'exit', bars: BarSeries, i: number, account: Account): MarketOrder {
    const decided = { strategy: this.#strategy, decisions: this.decisions, bars, i }
    if (signal === 'exit') return new DecidedOrder('sell', this.position.quantity, decided)
    const close = bars.close[i]!
    return new DecidedOrder('buy', sharesToBuy(this.#rules.sizing, account.equityAt(close), close), decided)
  }

  #vetoOf({ side, quantity, candleTime }: MarketOrder): Veto | null {
    const { grid, entryWindow } = this.#rules
    if (this.#order !== null) return 'order'
    if (side === 'sell') return null
    if (quantity < 1) return 'size'
    if (entryWindow === null) return null
    return isInside(entryWindow, grid, tradableFrom(grid, candleTime)) ? null : 'hour'
  }

  /** A sale beside the order, by the protective stop, leaves an order to sell nothing either. */
  #settle({ side, quantity }: Fill): void {
    if (this.#order?.side === side) this.#unfilled -= quantity
    if (this.#unfilled <= 0) this.#order = null
  }

  #protection(): Command | null {
    const { protectiveStopPct, minTick } = this.#rules
    if (protectiveStopPct === null) return null
    const { quantity, averagePrice } = this.position
    if (quantity === 0) return { kind: 'unprotect' }
    const stop = roundToTick(averagePrice * (1 - protectiveStopPct / 100), minTick)
    return { kind: 'protect', order: { quantity, stop, reason: `protective stop ${stop.toFixed(2)}` } }
  }

  /** What became of the stop at the closes of these candles; it was `before`. */
  #tellStops(bars: BarSeries, from: number, to: number, before: number): void {
    const { stop } = this.decisions
    for (let [i, last] = [from, before]; i < to; last = stop[i++]!) {
      if (Object.is(stop[i], last)) continue
      this.#tell?.({ kind: 'stopMoved', time: bars.time[i] as EpochMs, from: last, to: stop[i]! })
    }
  }
}

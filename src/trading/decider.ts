import { Engine } from '../engine/engine.ts'
import type { Fill } from '../execution/fill.ts'
import type { MarketOrder } from '../execution/order.ts'
import { candleClose, tradableFrom } from '../market/candleClose.ts'
import type { Instrument } from '../market/instrument.ts'
import type { CandleGrid } from '../market/resample.ts'
import { type Bar, BarSeries } from '../market/series.ts'
import { type EpochMs, isoInstant } from '../market/time.ts'
import type { JournalledDecision } from '../ports/decisions.ts'
import type { NewEvent } from '../ports/events.ts'
import type { BookedExecution } from '../ports/executions.ts'
import type { TraderSettings } from '../ports/traders.ts'
import type { Decision } from '../strategy/decision.ts'
import { PivotBreakout, warmUpCandles } from '../strategy/pivotBreakout.ts'
import type { ClosedCandle } from './closedCandles.ts'
import { barHash } from './ids.ts'
import { gridOf } from './settings.ts'
import { fillOf } from './trips.ts'

/** A decision that is made, and not yet told to anybody. */
export interface Made {
  readonly candle: Bar
  /** From when it can be acted on (strategy, F6). */
  readonly dueAt: EpochMs
  readonly order: MarketOrder | null
  readonly decision: Omit<JournalledDecision, 'outcome' | 'hindrance' | 'intent' | 'trader'>
  /** What the close has changed besides. */
  readonly events: readonly NewEvent[]
  readonly isWarm: boolean
}

type Levels = Pick<Decision, 'breakout' | 'swingLow' | 'movingAverage' | 'stop'>

const NO_LEVELS: Levels = { breakout: null, swingLow: null, movingAverage: null, stop: null }

/** The engine over live candles: the same one that backtests run, fed with closes and with booked executions alone. */
export class Decider {
  readonly bars = new BarSeries()
  readonly settings: TraderSettings
  readonly #grid: CandleGrid
  readonly #symbol: string
  #minTick: number
  #engine!: Engine
  #strategy!: PivotBreakout
  /** What the engine was told of executions: root and revision. */
  #fed = new Map<string, number>()
  #told: NewEvent[] = []
  /** After so many decisions. */
  #levels: { readonly length: number; readonly levels: Levels } | null = null

  constructor(settings: TraderSettings, { symbol, minTick }: Pick<Instrument, 'symbol' | 'minTick'>) {
    this.settings = settings
    this.#grid = gridOf(settings)
    this.#symbol = symbol
    this.#minTick = minTick
    this.reset()
  }

  /** Forgets everything but the candles. */
  reset(): void {
    this.#levels = null
    const { strategy, sizing, limits } = this.settings
    const { afterOpenMs, beforeCloseMs } = limits
    this.#strategy = new PivotBreakout(strategy)
    this.#fed = new Map()
    this.#told = []
    const rules = {
      grid: this.#grid,
      sizing,
      protectiveStopPct: strategy.protectiveStopPct,
      minTick: this.#minTick,
      entryWindow: afterOpenMs > 0 || beforeCloseMs > 0 ? { afterOpenMs, beforeCloseMs } : null,
    }
    this.#engine = new Engine(this.#strategy, rules, {
      tell: (event) => {
        if (event.kind === 'stopMoved') this.#tellStop(event.time, event.from, event.to)
      },
    })
  }

  /** Candles without which no decision is as good as any later one. */
  get need(): number {
    return warmUpCandles(this.settings.strategy, 0)
  }

  get isReady(): boolean {
    return this.bars.length >= this.need
  }

  get pending(): MarketOrder | null {
    return this.#engine.pending
  }

  get held(): number {
    return this.#engine.position.quantity
  }

  /** NaN while flat. */
  get averagePrice(): number {
    return this.#engine.position.averagePrice
  }

  push({ candle }: Pick<ClosedCandle, 'candle'>): number {
    this.bars.push(candle)
    return this.bars.length - 1
  }

  /** Takes in candle `i` without a decision. */
  warmUp(i: number): void {
    this.#engine.warmUp(this.bars, i)
  }

  /**
   * One decision, at the close of candle `i`. `equity`: of the account, for orders that are a part of it. `madeAt`: what was
   * fed before is known to it, and nothing else, so that a replay comes to the same.
   */
  close(i: number, equity: number, madeAt: EpochMs): Made {
    this.#told = []
    const command = this.#engine.close(this.bars, i, { equityAt: () => equity })
    const candle = this.bars.at(i)
    const order = command?.kind === 'trade' ? command.order : null
    const decision = this.#engine.decisionAt(this.bars, i)
    return {
      candle,
      dueAt: tradableFrom(this.#grid, candle.time),
      order,
      decision: { ...decision, symbol: this.#symbol, candle, barHash: barHash(candle), madeAt },
      events: this.#told,
      isWarm: this.isReady,
    }
  }

  /** The order on its way will not be filled any further. */
  drop(): void {
    this.#engine.drop()
  }

  /** False when an execution was corrected that it has taken in: then it must be built anew. */
  follow(executions: readonly BookedExecution[]): boolean {
    for (const execution of executions) {
      const fed = this.#fed.get(execution.root)
      if (fed === execution.revision) continue
      if (fed !== undefined) return false
      this.feed(execution)
    }
    return true
  }

  feed(execution: BookedExecution): void {
    this.#fed.set(execution.root, execution.revision)
    this.take(fillOf(execution))
  }

  /** More sold than held is no position that the engine knows: the trader halts on it, and this leaves it flat. */
  take(fill: Fill): void {
    const quantity = fill.side === 'sell' ? Math.min(fill.quantity, this.held) : fill.quantity
    if (quantity > 0) this.#engine.fill({ ...fill, quantity })
  }

  /** The levels of the newest decision. */
  levels(): Levels {
    const { length } = this.#engine.decisions
    if (length === 0) return NO_LEVELS
    if (this.#levels?.length !== length) {
      const { breakout, swingLow, movingAverage, stop } = this.#engine.decisionAt(this.bars, length - 1)
      this.#levels = { length, levels: { breakout, swingLow, movingAverage, stop } }
    }
    return this.#levels.levels
  }

  #tellStop(time: EpochMs, from: number, to: number): void {
    if (Number.isNaN(to)) return
    const data = {
      symbol: this.#symbol,
      candleTime: isoInstant(time),
      from: Number.isNaN(from) ? null : from,
      to,
    }
    this.#told.push({ type: 'stop.moved', time: candleClose(this.#grid, time), data })
  }
}

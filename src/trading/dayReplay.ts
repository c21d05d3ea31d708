import { type Match, Matching } from '../execution/matching.ts'
import type { MarketOrder } from '../execution/order.ts'
import { candleClose } from '../market/candleClose.ts'
import type { Instrument } from '../market/instrument.ts'
import type { Bar, BarSeries } from '../market/series.ts'
import type { Session } from '../market/session.ts'
import type { EpochMs } from '../market/time.ts'
import type { JournalledDecision } from '../ports/decisions.ts'
import type { BookedExecution } from '../ports/executions.ts'
import type { Intent } from '../ports/intents.ts'
import type { TraderSettings } from '../ports/traders.ts'
import type { Decision } from '../strategy/decision.ts'
import { Decider } from './decider.ts'
import { stopPriceOf, stopReason } from './draft.ts'
import { isEnd } from './orderState.ts'
import type { Layer } from './parityLayers.ts'
import { replay } from './replay.ts'
import { gridOf } from './settings.ts'
import { holdingOf } from './trips.ts'

/** A day, and all that came before it since the trader was first warmed up. */
export interface LivedDay {
  readonly settings: TraderSettings
  readonly instrument: Instrument
  readonly session: Session
  /** As our own seconds make them, or the broker has them, up to the session's close. */
  readonly candles: readonly Bar[]
  /** Of the session, and a little beyond. */
  readonly seconds: BarSeries
  readonly decisions: ReadonlyMap<EpochMs, JournalledDecision>
  /** Ours of the symbol, newest revisions, in the order of booking. */
  readonly executions: readonly BookedExecution[]
  readonly intents: readonly Intent[]
}

/** A fill of the model, with the candle that it was decided on (of a stop: in which it was touched). */
export interface ModelledFill {
  readonly purpose: 'entry' | 'exit' | 'stop'
  readonly candleTime: EpochMs
  readonly time: EpochMs
  readonly price: number
  readonly quantity: number
}

export interface ReplayedDay {
  readonly decisions: ReadonlyMap<EpochMs, Decision>
  readonly fills: readonly ModelledFill[]
}

/** The day once more, beginning with the trader's state of that morning; `layer` says what is taken from what was live. */
export const replayDay = (day: LivedDay, layer: Layer): ReplayedDay => new DayReplay(day, layer).run()

class DayReplay {
  readonly #day: LivedDay
  readonly #layer: Layer
  readonly #decider: Decider
  readonly #matching: Matching
  readonly #decisions = new Map<EpochMs, Decision>()
  readonly #fills: ModelledFill[] = []
  readonly #firstDecided: EpochMs | null
  /** What the broker did, and when we were told; still to come. */
  readonly #told: { readonly at: number; readonly pass: () => void }[]

  constructor(day: LivedDay, layer: Layer) {
    const { settings, instrument, seconds } = day
    this.#day = day
    this.#layer = layer
    this.#decider = new Decider(settings, instrument)
    const market = { candles: this.#decider.bars, seconds, minTick: instrument.minTick }
    // Without seconds the next candle's open is the nearest price there is.
    const fill = seconds.length > 0 ? settings.execution.fill : 'open'
    this.#matching = new Matching(market, gridOf(settings), { ...settings.execution, fill })
    this.#firstDecided = [...day.decisions.keys()].sort((a, b) => a - b)[0] ?? null
    this.#told = this.#toldOfDay()
  }

  run(): ReplayedDay {
    const candles = this.#candles()
    const morning = candles.findIndex(({ time }) => time >= this.#day.session.from)
    const before = morning < 0 ? candles : candles.slice(0, morning)
    this.#remember(before)
    for (const candle of candles.slice(before.length)) this.#live(candle)
    return { decisions: this.#decisions, fills: this.#fills }
  }

  /** Those decided on in the place of the stored ones where the layer wants them. */
  #candles(): Bar[] {
    const byTime = new Map(this.#day.candles.map((candle) => [candle.time, candle]))
    if (this.#layer.hasLiveCandles)
      for (const { candle } of this.#day.decisions.values()) byTime.set(candle.time, candle)
    return [...byTime.values()].sort((a, b) => a.time - b.time)
  }

  /** Everything before the day, as it was. */
  #remember(candles: readonly Bar[]): void {
    const { decisions, executions, intents, session } = this.#day
    for (const candle of candles) this.#decider.push({ candle })
    const from = this.#knownFrom(candles.at(-1)?.time ?? session.from)
    const past = new Map([...decisions].filter(([time]) => time >= from && time < session.from))
    replay(this.#decider, {
      decisions: past,
      executions: executions.filter(({ bookedAt }) => bookedAt < session.from),
      intents: intents.filter(({ createdAt }) => createdAt < session.from),
    })
    this.#protect()
  }

  /**
   * The first decision that the morning still knows of: what came before has left nothing but the candles. `last`: of the
   * evening, whose order may be sent in the morning.
   */
  #knownFrom(last: EpochMs): EpochMs {
    const { executions, intents, session } = this.#day
    const [first] = holdingOf(executions.filter(({ bookedAt }) => bookedAt < session.from)).open
    const entry = intents.find(({ id }) => id === first?.intent)
    const open = intents.filter(
      ({ purpose, createdAt, endedAt }) =>
        purpose !== 'stop' && createdAt < session.from && (endedAt === null || endedAt >= session.from),
    )
    const times = [last, ...open.map(({ candleTime }) => candleTime)]
    if (first !== undefined) times.push(entry?.candleTime ?? this.#firstDecided ?? last)
    return Math.min(...times) as EpochMs
  }

  /** One candle of the day: fills inside it, its close, and what follows from the decision. */
  #live(candle: Bar): void {
    const { settings, decisions } = this.#day
    const i = this.#decider.push({ candle })
    const journalled = decisions.get(candle.time) ?? null
    const madeAt = journalled?.madeAt ?? candleClose(gridOf(settings), candle.time)
    this.#passUntil(madeAt)
    if (!this.#layer.hasLiveFills) this.#match(i)
    if (this.#firstDecided === null || candle.time < this.#firstDecided) {
      this.#decider.warmUp(i)
      return
    }
    const { decision, order } = this.#decider.close(i, this.#equity(candle), madeAt)
    this.#decisions.set(candle.time, decision)
    if (order !== null) this.#act(order, journalled)
  }

  #act(order: MarketOrder, journalled: JournalledDecision | null): void {
    const { heedsMissed, heedsState, hasLiveFills } = this.#layer
    const outcome = journalled?.outcome ?? 'none'
    const isHindered =
      outcome === 'missed' ? heedsMissed : outcome === 'ordered' ? false : heedsState || hasLiveFills
    if (isHindered) this.#decider.drop()
    else if (!hasLiveFills) this.#matching.trade(order)
  }

  #match(i: number): void {
    for (let match = this.#matching.within(i); match !== null; match = this.#matching.within(i)) {
      this.#decider.take(match.fill)
      this.#fills.push(this.#modelled(match, i))
      this.#protect()
    }
  }

  #modelled({ fill, order }: Match, i: number): ModelledFill {
    const isStop = 'stop' in order
    const { time, price, quantity } = fill
    const candleTime = isStop ? (this.#decider.bars.time[i] as EpochMs) : order.candleTime
    return {
      purpose: isStop ? 'stop' : fill.side === 'buy' ? 'entry' : 'exit',
      candleTime,
      time,
      price,
      quantity,
    }
  }

  /** The stop of the model rests where that of the broker does. */
  #protect(): void {
    const { held, averagePrice } = this.#decider
    const { protectiveStopPct } = this.#day.settings.strategy
    const stop = stopPriceOf(averagePrice, protectiveStopPct ?? 100, this.#day.instrument.minTick)
    const isWanted = held > 0 && protectiveStopPct !== null
    this.#matching.rest(isWanted ? { quantity: held, stop, reason: stopReason(stop) } : null)
  }

  /** What the broker told before an instant. */
  #passUntil(at: number): void {
    while (this.#told.length > 0 && this.#told[0]!.at < at) this.#told.shift()!.pass()
  }

  /** Of the day; where the model fills, only what an order of the evening before has come to. */
  #toldOfDay() {
    const { executions, intents, session } = this.#day
    const byId = new Map(intents.map((intent) => [intent.id, intent]))
    const isTaken = (intent: Intent | undefined): boolean =>
      this.#layer.hasLiveFills ||
      intent === undefined ||
      (intent.purpose !== 'stop' && intent.candleTime < session.from)
    const fills = executions
      .filter(({ bookedAt, intent }) => bookedAt >= session.from && isTaken(byId.get(intent ?? '')))
      .map((each) => ({
        at: each.bookedAt as number,
        pass: () => {
          this.#decider.feed(each)
          this.#protect()
        },
      }))
    const ends = intents
      .filter((intent) => intent.purpose !== 'stop' && isEnd(intent.state) && isTaken(intent))
      .filter(({ endedAt }) => endedAt !== null && endedAt >= session.from)
      .map(({ endedAt }) => ({ at: endedAt as number, pass: () => this.#decider.drop() }))
    return [...fills, ...ends].sort((a, b) => a.at - b.at)
  }

  /** What buys as many shares as were bought; what else the account was worth is not kept. */
  #equity({ time, close }: Bar): number {
    const { sizing, limits } = this.#day.settings
    const entry = this.#day.intents.find(
      ({ purpose, candleTime }) => purpose === 'entry' && candleTime === time,
    )
    if (sizing.kind === 'shares') return Number.MAX_SAFE_INTEGER
    return (((entry?.quantity ?? limits.maxPosition) + 0.5) * close) / sizing.fraction
  }
}

import type { BarSeries } from '../../src/market/series.ts'
import type { PivotBreakoutParameters } from '../../src/strategy/parameters.ts'
import { isSwing, type SwingRule } from '../../src/strategy/pivot.ts'
import { PivotBreakout, priceAt } from '../../src/strategy/pivotBreakout.ts'
import type { Decisions, Outlook, Strategy } from '../../src/strategy/strategy.ts'

/** Faults that are easily written, put in to see which tests notice. */
type Plant = (parameters: PivotBreakoutParameters) => Strategy

/** Uses a swing at its own candle, `right` candles before it can be known. */
class LookingAhead extends PivotBreakout {
  readonly #rule: SwingRule

  constructor(parameters: PivotBreakoutParameters) {
    super(parameters)
    this.#rule = parameters
  }

  override observe(bars: BarSeries, outlook: Outlook, from: number, to: number): void {
    super.observe(bars, outlook, from, to)
    for (let i = from; i < to; i++) {
      if (isSwing(bars.high, i, 1, this.#rule)) outlook.swingHigh[i] = i
      if (isSwing(bars.low, i, -1, this.#rule)) outlook.swingLow[i] = i
    }
  }
}

/** Acts at closes where nothing is to be done, besides. */
abstract class Overeager extends PivotBreakout {
  protected abstract acts(bars: BarSeries, decisions: Decisions, i: number, isLong: boolean): boolean

  override decide(bars: BarSeries, decisions: Decisions, from: number, to: number, isLong: boolean): number {
    for (let i = from; i < to; i++) {
      if (super.decide(bars, decisions, i, i + 1, isLong) === i) return i
      if (!this.acts(bars, decisions, i, isLong)) continue
      decisions.stop[i] = this.stop
      return i
    }
    return to
  }
}

/** Enters at a close that equals the breakout. */
class EnteringAtTheLevel extends Overeager {
  protected override acts(bars: BarSeries, outlook: Outlook, i: number, isLong: boolean): boolean {
    const isAtLevel = bars.close[i] === priceAt(bars.high, outlook.swingHigh[i]!)
    return !isLong && isAtLevel && bars.close[i]! > outlook.movingAverage[i]!
  }
}

/** Exits at a close that equals the stop. */
class ExitingAtTheStop extends Overeager {
  protected override acts(bars: BarSeries, _: Outlook, i: number, isLong: boolean): boolean {
    return isLong && bars.close[i] === this.stop
  }
}

/** Takes every member of a plateau for a swing. */
class CountingTwins extends PivotBreakout {
  constructor(parameters: PivotBreakoutParameters) {
    super({ ...parameters, ties: 'any' })
  }
}

/** Follows the newest swing low downwards. */
class LettingTheStopFall extends PivotBreakout {
  constructor(parameters: PivotBreakoutParameters) {
    super({ ...parameters, stop: 'latest' })
  }
}

export const SOUND: Plant = (parameters) => new PivotBreakout(parameters)

export const PLANTS: Readonly<Record<string, Plant>> = {
  'a swing that is used before it is known': (parameters) => new LookingAhead(parameters),
  'an entry at a close that equals the level': (parameters) => new EnteringAtTheLevel(parameters),
  'an exit at a close that equals the stop': (parameters) => new ExitingAtTheStop(parameters),
  'swings that their twins equal': (parameters) => new CountingTwins(parameters),
  'a ratchet that falls': (parameters) => new LettingTheStopFall(parameters),
}

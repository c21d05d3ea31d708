import { type Session, sessionsBetween } from '../../market/session.ts'
import { DAY_MS, type EpochMs, HOUR_MS, later, MINUTE_MS, plus } from '../../market/time.ts'
import { over } from '../history/fold.ts'
import type { MarketBars, MarketSource } from '../market.ts'
import { type Tick, ticksOf } from './tick.ts'

/** Some bars of one session in all hours. */
export interface Stretch extends MarketBars {
  readonly session: Session
}

/** After a jump of the clock no more than this is told again. */
const LONGEST_CATCH_UP_MS = 10 * MINUTE_MS
/** The longest bar that a tape may have. */
const LONGEST_STEP_MS = 4 * HOUR_MS

/** What trades in a symbol, bar by bar as each is over. */
export class Feed {
  readonly #market: MarketSource
  readonly #symbol: string
  #told: EpochMs

  constructor(market: MarketSource, symbol: string, from: EpochMs) {
    this.#market = market
    this.#symbol = symbol
    this.#told = from
  }

  /** The bars that have ended since the last call. */
  stretches(now: EpochMs): Stretch[] {
    const from = later(this.#told, plus(now, -LONGEST_CATCH_UP_MS))
    this.#told = later(this.#told, now)
    const sessions = sessionsBetween({ from: plus(from, -LONGEST_STEP_MS), to: now }, 'all')
    return sessions.map((session) => {
      const made = this.#market.bars(this.#symbol, session, 'all', DAY_MS)
      const first = Math.max(made.first, over(made, from).end)
      return { ...over(made, now), first, session }
    })
  }

  /** Their ticks. */
  ticks(now: EpochMs): Tick[] {
    return this.stretches(now).flatMap(({ bars, stepMs, first, end }) =>
      Array.from({ length: Math.max(0, end - first) }, (_, k) =>
        ticksOf(this.#symbol, bars.at(first + k), stepMs),
      ).flat(),
    )
  }
}

import type { Command } from '../engine/command.ts'
import { Engine, type Rules } from '../engine/engine.ts'
import { Book } from '../execution/book.ts'
import { type Match, Matching } from '../execution/matching.ts'
import type { ExecutionParameters } from '../execution/parameters.ts'
import type { Market } from '../execution/tape.ts'
import type { BarSeries } from '../market/series.ts'
import type { Strategy } from '../strategy/strategy.ts'

export interface PlayRules extends Rules {
  readonly execution: ExecutionParameters
  readonly initialCash: number
}

/** An order that can say why. */
export type Reasoned = Match['order']

/** What comes of a strategy over all candles of a market. */
export interface Played {
  readonly engine: Engine
  /** Its reasons are told by the orders. */
  readonly book: Book<Reasoned>
}

/** Is told how many candles are done, now and then. */
export type Progress = (done: number, total: number) => void

const CANDLES_PER_REPORT = 1 << 17

/** Shows a fresh strategy the candles in turn, in the order of a candle's life (strategy, P7), and keeps its book. */
export function play(strategy: Strategy, market: Market, rules: PlayRules, onProgress?: Progress): Played {
  const total = market.candles.length
  const player = new Player(strategy, market, rules)
  for (let done = 0; done < total; ) {
    const end = Math.min(total, done + CANDLES_PER_REPORT)
    while (done < end) done = player.advance(done, end)
    if (done % CANDLES_PER_REPORT === 0) onProgress?.(done, total)
  }
  return player.played
}

class Player {
  readonly #engine: Engine
  readonly #book: Book<Reasoned>
  readonly #matching: Matching
  readonly #candles: BarSeries

  constructor(strategy: Strategy, market: Market, rules: PlayRules) {
    const { candles } = market
    this.#candles = candles
    this.#engine = new Engine(strategy, rules, { capacity: candles.length })
    this.#book = new Book(rules.initialCash)
    this.#matching = new Matching(market, rules.grid, rules.execution)
    this.#engine.observe(candles, candles.length)
  }

  /** Plays candle `i`, and those after it before `end` as long as there is nothing to be filled. The next one to play. */
  advance(i: number, end: number): number {
    const matching = this.#matching
    for (let match = matching.within(i); match !== null; match = matching.within(i)) this.#heed(match, i)
    const command = this.#engine.closeUntilCommand(
      this.#candles,
      i,
      matching.isIdle ? end : i + 1,
      this.#book,
    )
    const next = this.#engine.decisions.length
    if (this.#book.held > 0) this.#book.watch(matching.seenIn(i, next))
    this.#obey(command)
    const match = matching.atClose(next - 1)
    if (match !== null) this.#heed(match, next - 1)
    return next
  }

  get played(): Played {
    return { engine: this.#engine, book: this.#book }
  }

  #heed({ fill, order }: Match, i: number): void {
    this.#book.apply(fill, order, i)
    this.#obey(this.#engine.fill(fill))
  }

  #obey(command: Command | null): void {
    if (command === null) return
    switch (command.kind) {
      case 'trade':
        this.#matching.trade(command.order)
        break
      case 'protect':
        this.#matching.rest(command.order)
        break
      case 'unprotect':
        this.#matching.rest(null)
    }
  }
}

import type { Command } from '../engine/command.ts'
import { Engine, type Rules } from '../engine/engine.ts'
import { Book } from '../execution/book.ts'
import { type Match, Matching } from '../execution/matching.ts'
import type { ExecutionParameters } from '../execution/parameters.ts'
import type { Market } from '../execution/tape.ts'
import type { Strategy } from '../strategy/strategy.ts'

export interface PlayRules extends Rules {
  readonly execution: ExecutionParameters
  readonly initialCash: number
}

/** What comes of a strategy over all candles of a market. */
export interface Played {
  readonly engine: Engine
  readonly book: Book
  /** At each candle's close: cash and position marked to it, and the shares held. */
  readonly equity: Float64Array
  readonly held: Float64Array
}

/** Is told how many candles are done, now and then. */
export type Progress = (done: number, total: number) => void

const CANDLES_PER_REPORT = 1 << 17

/** Shows a fresh strategy the candles one by one, in the order of a candle's life (strategy, P7), and keeps its book. */
export function play(strategy: Strategy, market: Market, rules: PlayRules, onProgress?: Progress): Played {
  const { candles } = market
  const total = candles.length
  const engine = new Engine(strategy, rules, { capacity: total })
  const book = new Book(rules.initialCash)
  const matching = new Matching(market, rules.grid, rules.execution)
  const equity = new Float64Array(total)
  const held = new Float64Array(total)
  const heed = ({ fill, reason }: Match, i: number) => {
    book.apply(fill, reason, i)
    obey(matching, engine.fill(fill))
  }
  for (let i = 0; i < total; i++) {
    for (let match = matching.within(i); match !== null; match = matching.within(i)) heed(match, i)
    if (book.held > 0) book.watch(matching.seenIn(i))
    obey(matching, engine.close(candles, i, book))
    const match = matching.atClose(i)
    if (match !== null) heed(match, i)
    equity[i] = book.equityAt(candles.close[i]!)
    held[i] = book.held
    if ((i + 1) % CANDLES_PER_REPORT === 0) onProgress?.(i + 1, total)
  }
  return { engine, book, equity, held }
}

function obey(matching: Matching, command: Command | null): void {
  if (command === null) return
  switch (command.kind) {
    case 'trade':
      matching.trade(command.order)
      break
    case 'protect':
      matching.rest(command.order)
      break
    case 'unprotect':
      matching.rest(null)
  }
}

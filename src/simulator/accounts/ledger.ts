import type { Execution, Position, Trade } from '../account.ts'
import { settle } from './settle.ts'

/** A trade that moves cash and a position, or a position that is simply another now. */
type Entry =
  | { readonly kind: 'trade'; readonly id: string; trade: Trade }
  | { readonly kind: 'set'; readonly position: Position }

/** What trades leave behind: cash and positions. A trade that is corrected is as if it had been right at once. */
export class Ledger {
  readonly #openingCash: number
  readonly #opening: readonly Position[]
  readonly #entries: Entry[] = []
  #cash = 0
  #positions = new Map<string, Position>()

  constructor(cash: number, positions: readonly Position[]) {
    this.#openingCash = cash
    this.#opening = positions
    this.#reopen()
  }

  /** In US dollars. */
  get cash(): number {
    return this.#cash
  }

  /** Positions of 0 that were something before are among them. */
  get positions(): readonly Position[] {
    return [...this.#positions.values()]
  }

  position(symbol: string): Position {
    return this.#positions.get(symbol) ?? { symbol, quantity: 0, averageCost: 0 }
  }

  /** Enters a trade. Returns what it realises: null when it closes nothing. */
  enter(trade: Trade, id: string): number | null {
    this.#entries.push({ kind: 'trade', id, trade })
    return this.#apply(trade)
  }

  set(position: Position): void {
    this.#entries.push({ kind: 'set', position })
    this.#positions.set(position.symbol, position)
  }

  /** Puts another trade in the place of one. Returns what that realises. */
  correct({ id }: Pick<Execution, 'id'>, trade: Trade): number | null {
    const stem = stemOf(id)
    let realizedPnl: number | null = null
    this.#reopen()
    for (const entry of this.#entries) {
      const isIt = entry.kind === 'trade' && stemOf(entry.id) === stem
      if (isIt) entry.trade = trade
      if (entry.kind === 'set') this.#positions.set(entry.position.symbol, entry.position)
      else {
        const realized = this.#apply(entry.trade)
        if (isIt) realizedPnl = realized
      }
    }
    return realizedPnl
  }

  #reopen(): void {
    this.#cash = this.#openingCash
    this.#positions = new Map(this.#opening.map((position) => [position.symbol, position]))
  }

  #apply(trade: Trade): number | null {
    if (trade.quantity === 0) return null
    const { position, realizedPnl } = settle(this.position(trade.symbol), trade)
    const value = trade.quantity * trade.price
    this.#cash += (trade.side === 'BOT' ? -value : value) - trade.commission
    this.#positions.set(trade.symbol, position)
    return realizedPnl
  }
}

/** What an execution and its corrections have in common: all of the id but what follows the last dot. */
export const stemOf = (id: string): string => id.slice(0, id.lastIndexOf('.'))

/** The id of the next correction: `….01` becomes `….02`. */
export const correctedId = (id: string): string =>
  `${stemOf(id)}.${String(Number(id.slice(id.lastIndexOf('.') + 1)) + 1).padStart(2, '0')}`

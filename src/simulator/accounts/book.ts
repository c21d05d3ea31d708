import type { EpochMs } from '../../market/time.ts'
import type { Account, CompletedOrder, Execution, Position, Trade } from '../account.ts'
import { Daily } from './daily.ts'
import { correctedId, Ledger, stemOf } from './ledger.ts'

/** An execution, and the position that it leaves behind. A position may change without one. */
export interface BookChange {
  readonly execution: Execution | null
  readonly position: Position
}

type BookListener = (change: BookChange) => void

/** What a correction makes of a trade. */
export interface Correction {
  /** 0 for a trade that is busted. */
  readonly quantity: number
  readonly price: number
}

/** The books of one account: the only place where its cash, positions and executions change. */
export class Book {
  readonly id: string
  readonly #ledger: Ledger
  readonly #executions: Daily<Execution>
  readonly #completedOrders: Daily<CompletedOrder>
  readonly #listeners = new Set<BookListener>()

  constructor({ id, cash, positions, executions, completedOrders }: Account) {
    this.id = id
    this.#ledger = new Ledger(cash, positions)
    this.#executions = new Daily(({ time }) => time, executions)
    this.#completedOrders = new Daily(({ completedAt }) => completedAt, completedOrders)
  }

  /** In US dollars. */
  get cash(): number {
    return this.#ledger.cash
  }

  /** What is held: nothing of it is 0. */
  get positions(): readonly Position[] {
    return this.#ledger.positions.filter(({ quantity }) => quantity !== 0)
  }

  position(symbol: string): Position {
    return this.#ledger.position(symbol)
  }

  /** All executions, with their corrections, in the order in which they came. */
  get executions(): readonly Execution[] {
    return this.#executions.all
  }

  get completedOrders(): readonly CompletedOrder[] {
    return this.#completedOrders.all
  }

  /** The executions of the exchange's day until `now`, oldest first: IB tells no older ones. */
  executionsOn(now: EpochMs): readonly Execution[] {
    return this.#executions.on(now)
  }

  /** The same, each as it was last corrected. */
  finalExecutionsOn(now: EpochMs): readonly Execution[] {
    const last = new Map(this.executionsOn(now).map((execution) => [stemOf(execution.id), execution]))
    return [...last.values()]
  }

  /** The executions of one order up to one of them, as they stand; that one alone where no order is known. */
  executionsUpTo(last: Execution): readonly Execution[] {
    if (last.permId === 0) return [last]
    const all = this.#executions.all
    const same = all.slice(0, all.indexOf(last) + 1).filter(({ permId }) => permId === last.permId)
    return [...new Map(same.map((execution) => [stemOf(execution.id), execution])).values()]
  }

  /** The orders completed on the exchange's day until `now`. */
  completedOn(now: EpochMs): readonly CompletedOrder[] {
    return this.#completedOrders.on(now)
  }

  /** Notes an order that is filled or cancelled. */
  complete(order: CompletedOrder): void {
    this.#completedOrders.add(order)
  }

  /** Enters a trade; everyone who listens hears of it. */
  record(trade: Trade, id: string): Execution {
    const execution = { ...trade, id, realizedPnl: this.#ledger.enter(trade, id) }
    return this.#enter(execution)
  }

  /** IB has found a trade to be another, or none. Null when there is no such execution. */
  correct(id: string, correction: Correction): Execution | null {
    const before = this.#executions.all.findLast((execution) => stemOf(execution.id) === stemOf(id))
    if (!before) return null
    const trade = { ...before, ...correction, id: correctedId(before.id) }
    return this.#enter({ ...trade, realizedPnl: this.#ledger.correct(before, trade) })
  }

  /** The position is another, without a trade. */
  setPosition(position: Position): void {
    this.#ledger.set(position)
    this.#tell({ execution: null, position })
  }

  /** Calls `listener` after each change. Returns what ends that. */
  onChange(listener: BookListener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  #enter(execution: Execution): Execution {
    this.#executions.add(execution)
    this.#tell({ execution, position: this.position(execution.symbol) })
    return execution
  }

  #tell(change: BookChange): void {
    for (const listener of [...this.#listeners]) listener(change)
  }
}

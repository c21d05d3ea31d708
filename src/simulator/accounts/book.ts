import { exchangeDate } from '../../market/session.ts'
import type { EpochMs } from '../../market/time.ts'
import type { Account, CompletedOrder, Execution, Position, Trade } from '../account.ts'
import { settle } from './settle.ts'

/** An execution, and the position that it leaves behind. */
export interface BookChange {
  readonly execution: Execution
  readonly position: Position
}

type BookListener = (change: BookChange) => void

/** The books of one account: the only place where its cash, positions and executions change. */
export class Book {
  readonly id: string
  #cash: number
  readonly #positions: Map<string, Position>
  readonly #executions: Execution[]
  readonly #completedOrders: CompletedOrder[]
  readonly #listeners = new Set<BookListener>()

  constructor({ id, cash, positions, executions, completedOrders }: Account) {
    this.id = id
    this.#cash = cash
    this.#positions = new Map(positions.map((position) => [position.symbol, position]))
    this.#executions = [...executions]
    this.#completedOrders = [...completedOrders]
  }

  /** In US dollars. */
  get cash(): number {
    return this.#cash
  }

  /** What is held: nothing of it is 0. */
  get positions(): readonly Position[] {
    return [...this.#positions.values()].filter(({ quantity }) => quantity !== 0)
  }

  position(symbol: string): Position {
    return this.#positions.get(symbol) ?? { symbol, quantity: 0, averageCost: 0 }
  }

  /** The executions of the exchange's day until `now`, oldest first: IB tells no older ones. */
  executionsOn(now: EpochMs): readonly Execution[] {
    return this.#executions.filter(({ time }) => isOfDayUntil(now, time))
  }

  /** The executions of one order up to one of them; that one alone where no order is known. */
  executionsUpTo(last: Execution): readonly Execution[] {
    if (last.permId === 0) return [last]
    const end = this.#executions.indexOf(last) + 1
    return this.#executions.slice(0, end).filter(({ permId }) => permId === last.permId)
  }

  /** The orders completed on the exchange's day until `now`. */
  completedOn(now: EpochMs): readonly CompletedOrder[] {
    return this.#completedOrders.filter(({ completedAt }) => isOfDayUntil(now, completedAt))
  }

  /** The permanent ids of all that was ever ordered. */
  get permIds(): readonly number[] {
    return [...this.#executions, ...this.#completedOrders].map(({ permId }) => permId)
  }

  /** Notes an order that is filled or cancelled. */
  complete(order: CompletedOrder): void {
    this.#completedOrders.push(order)
  }

  /** Enters a trade; everyone who listens hears of it. */
  record(trade: Trade, id: string): Execution {
    const { position, realizedPnl } = settle(this.position(trade.symbol), trade)
    const execution = { ...trade, id, realizedPnl }
    const value = trade.quantity * trade.price
    this.#cash += (trade.side === 'BOT' ? -value : value) - trade.commission
    this.#positions.set(trade.symbol, position)
    this.#executions.push(execution)
    for (const listener of [...this.#listeners]) listener({ execution, position })
    return execution
  }

  /** Calls `listener` after each change. Returns what ends that. */
  onChange(listener: BookListener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
}

/** An account may be given what is dated later: it is not told before its time. */
const isOfDayUntil = (now: EpochMs, at: EpochMs): boolean =>
  at <= now && exchangeDate(at) === exchangeDate(now)

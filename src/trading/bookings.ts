import { amount } from '../market/money.ts'
import type { BookedExecution } from '../ports/executions.ts'
import { type Holding, holdingOf } from './trips.ts'

/** What the executions of an intent come to. */
export interface Filling {
  readonly filled: number
  /** Before corrections took shares away. */
  readonly most: number
  readonly averagePrice: number | null
}

/** Our executions of a symbol as they count: of each root its newest revision. Never changes: another one follows it. */
export class Bookings {
  readonly holding: Holding
  readonly #newest: ReadonlyMap<string, BookedExecution>
  readonly #most: ReadonlyMap<string, number>
  #all: readonly BookedExecution[] | null = null

  private constructor(newest: ReadonlyMap<string, BookedExecution>, most: ReadonlyMap<string, number>) {
    this.#newest = newest
    this.#most = most
    this.holding = holdingOf([...newest.values()].sort((a, b) => a.time - b.time || a.ordinal - b.ordinal))
  }

  static of(executions: readonly BookedExecution[]): Bookings {
    const [newest, most] = [new Map<string, BookedExecution>(), new Map<string, number>()]
    for (const execution of executions) enter(newest, most, execution)
    return new Bookings(newest, most)
  }

  /** With one more, which may be an older revision of one that is known, or the same with its commission. */
  and(execution: BookedExecution): Bookings {
    const [newest, most] = [new Map(this.#newest), new Map(this.#most)]
    enter(newest, most, execution)
    return new Bookings(newest, most)
  }

  newest(root: string): BookedExecution | null {
    return this.#newest.get(root) ?? null
  }

  /** In the order of booking. */
  get all(): readonly BookedExecution[] {
    this.#all ??= [...this.#newest.values()].sort((a, b) => a.bookedAt - b.bookedAt || a.ordinal - b.ordinal)
    return this.#all
  }

  fillingOf(intent: string): Filling {
    const executions = [...this.#newest.values()].filter((each) => each.intent === intent)
    const filled = executions.reduce((sum, { quantity }) => sum + quantity, 0)
    const value = executions.reduce((sum, { quantity, price }) => sum + quantity * price, 0)
    const most = executions.reduce((sum, { root }) => sum + this.#most.get(root)!, 0)
    return { filled, most, averagePrice: filled === 0 ? null : amount(value / filled) }
  }
}

function enter(
  newest: Map<string, BookedExecution>,
  most: Map<string, number>,
  execution: BookedExecution,
): void {
  const { root, revision, quantity } = execution
  most.set(root, Math.max(quantity, most.get(root) ?? 0))
  const known = newest.get(root)
  if (known === undefined || known.revision <= revision) newest.set(root, execution)
}

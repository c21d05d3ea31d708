import type { Book } from '../accounts/book.ts'

const FIRST = 1_800_000_001

/** The numbers by which IB knows orders, whoever has placed them: never given twice. */
export class PermIds {
  #last: number

  constructor(books: readonly Book[]) {
    this.#last = Math.max(FIRST - 1, ...books.flatMap(permIdsOf))
  }

  next(): number {
    return ++this.#last
  }

  /** An order has this one already. */
  spend(permId: number): void {
    this.#last = Math.max(this.#last, permId)
  }
}

const permIdsOf = ({ executions, completedOrders }: Book): number[] =>
  [...executions, ...completedOrders].map(({ permId }) => permId)

import { missing } from '../../errors.ts'
import type { Account, Execution, Trade } from '../account.ts'
import { Book, type BookChange, type Correction } from './book.ts'

/** All accounts of the login, in their order. The first is the one meant when a request names none. */
export class Books {
  readonly #books: readonly Book[]
  /** The number of the last one: none is given twice, not even after a restart. */
  #executions: number

  constructor(accounts: readonly Account[]) {
    if (accounts.length === 0) throw new RangeError('a login has at least one account')
    this.#books = accounts.map((account) => new Book(account))
    const numbers = accounts.flatMap(({ executions }) => executions.map(({ id }) => numberOf(id)))
    this.#executions = numbers.reduce((most, number) => Math.max(most, number), 0)
  }

  get all(): readonly Book[] {
    return this.#books
  }

  get ids(): readonly string[] {
    return this.#books.map(({ id }) => id)
  }

  /** The account with that id, the first one for an empty id; null when there is none. */
  named(id: string): Book | null {
    return (id === '' ? this.#books[0] : this.#books.find((book) => book.id === id)) ?? null
  }

  /** Enters a trade under an execution id of its own. Throws `missing` for an account that is none. */
  record(accountId: string, trade: Trade): Execution {
    const book = this.named(accountId)
    if (!book || accountId === '') throw missing(`there is no account ${accountId}`)
    return book.record(trade, executionId(++this.#executions))
  }

  /** Corrects an execution of any account. Null when there is none of that id. */
  correct(id: string, correction: Correction): Execution | null {
    for (const book of this.#books) {
      const corrected = book.correct(id, correction)
      if (corrected) return corrected
    }
    return null
  }

  /** Calls `listener` after each change of any account. Returns what ends that. */
  onChange(listener: (book: Book, change: BookChange) => void): () => void {
    const ends = this.#books.map((book) => book.onChange((change) => listener(book, change)))
    return () => {
      for (const end of ends) end()
    }
  }
}

/** `00012ec5.00000001.01.01`, as IB's look. */
const executionId = (number: number): string => `00012ec5.${number.toString(16).padStart(8, '0')}.01.01`

/** Of an id that is not one of ours: 0. */
const numberOf = (id: string): number => Number.parseInt(/^00012ec5\.([\da-f]{8})\./.exec(id)?.[1] ?? '0', 16)

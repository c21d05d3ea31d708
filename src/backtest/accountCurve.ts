import type { Book } from '../execution/book.ts'
import type { BarSeries } from '../market/series.ts'

/** What an account was worth and held at each candle's close, as columns. */
export class AccountCurve {
  readonly equity: Float64Array
  readonly held: Float64Array
  readonly #book: Pick<Book<unknown>, 'equityAt' | 'held'>
  readonly #closes: Float64Array
  #length = 0

  constructor(book: Pick<Book<unknown>, 'equityAt' | 'held'>, { close, length }: BarSeries) {
    this.equity = new Float64Array(length)
    this.held = new Float64Array(length)
    this.#book = book
    this.#closes = close
  }

  /** The closes before candle `to`, at which the book stood as it does now: to be told before a fill changes it. */
  extend(to: number): void {
    const [equity, held, book, closes] = [this.equity, this.held, this.#book, this.#closes]
    for (let i = this.#length; i < to; i++) {
      equity[i] = book.equityAt(closes[i]!)
      held[i] = book.held
    }
    this.#length = to
  }
}

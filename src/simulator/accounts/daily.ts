import { exchangeDate } from '../../market/session.ts'
import type { EpochMs } from '../../market/time.ts'

/** Things by the exchange's day, oldest first as they are added. */
export class Daily<Item> {
  readonly #all: Item[] = []
  readonly #days = new Map<string, Item[]>()
  readonly #timeOf: (item: Item) => EpochMs

  constructor(timeOf: (item: Item) => EpochMs, items: readonly Item[]) {
    this.#timeOf = timeOf
    for (const item of items) this.add(item)
  }

  get all(): readonly Item[] {
    return this.#all
  }

  add(item: Item): void {
    const date = exchangeDate(this.#timeOf(item))
    const day = this.#days.get(date) ?? []
    this.#all.push(item)
    day.push(item)
    this.#days.set(date, day)
  }

  /** Those of the day until `now`: what is dated later is not told before its time. */
  on(now: EpochMs): readonly Item[] {
    return (this.#days.get(exchangeDate(now)) ?? []).filter((item) => this.#timeOf(item) <= now)
  }
}

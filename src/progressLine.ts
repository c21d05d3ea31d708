import type { Clock, EpochMs } from './market/time.ts'

const PATIENCE_MS = 2_000
const EVERY_MS = 250

/** One line on a terminal that tells how far something is which takes longer than two seconds. */
export class ProgressLine {
  readonly #clock: Pick<Clock, 'now'>
  readonly #write: (text: string) => void
  #next: number
  #width = 0

  constructor(clock: Pick<Clock, 'now'>, write: (text: string) => void) {
    this.#clock = clock
    this.#write = write
    this.#next = clock.now() + PATIENCE_MS
  }

  tell(text: string): void {
    const now: EpochMs = this.#clock.now()
    if (now < this.#next) return
    this.#next = now + EVERY_MS
    this.#write(`\r${text.padEnd(this.#width)}`)
    this.#width = text.length
  }

  /** Leaves the line, where there is one. */
  end(): void {
    if (this.#width > 0) this.#write('\n')
    this.#width = 0
  }
}

import type { EpochMs } from '../market/time.ts'

/**
 * `window` 60 requests in ten minutes · `identical` within 15 s · `burst` six of one contract within 2 s ·
 * `open` 50 unanswered · `messages` 50 a second · `realTimeBars` 60 new subscriptions in ten minutes · `lines` of data.
 */
export type LimitRule = keyof typeof NONE

/** A limit that a client broke. */
export interface Violation {
  readonly rule: LimitRule
  /** Market time. */
  readonly time: EpochMs
  readonly clientId: number | null
  readonly detail: string
}

const KEPT = 100

const NONE = { window: 0, identical: 0, burst: 0, open: 0, messages: 0, realTimeBars: 0, lines: 0 }

/** Every violation is counted, the last hundred are kept. */
export class Violations {
  readonly #last: Violation[] = []
  readonly #counts: Record<LimitRule, number> = { ...NONE }

  record(violation: Violation): void {
    this.#counts[violation.rule]++
    this.#last.push(violation)
    if (this.#last.length > KEPT) this.#last.shift()
  }

  get last(): readonly Violation[] {
    return this.#last
  }

  get counts(): Readonly<Record<LimitRule, number>> {
    return this.#counts
  }
}

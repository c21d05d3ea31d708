import type { Clock, EpochMs } from '../market/time.ts'

export interface Rate {
  readonly perSecond: number
  /** How many may come at once. */
  readonly burst: number
}

/** `heavy` comes on top of `read`. `failure` is of tokens that are none, `refusal` of what is refused for access. */
export type RateName = 'read' | 'heavy' | 'trade' | 'failure' | 'refusal'

export type Rates = Readonly<Record<RateName, Rate>>

const FAILURES = { failure: { perSecond: 10 / 60, burst: 10 }, refusal: { perSecond: 10 / 60, burst: 10 } }

/** For a service that others can reach: each token and each address. */
export const ELSEWHERE: Rates = {
  ...FAILURES,
  read: { perSecond: 50, burst: 100 },
  heavy: { perSecond: 2, burst: 4 },
  trade: { perSecond: 1, burst: 5 },
}

/** On loopback every client has the same address, and a machine may ask itself a lot: this stops only what runs wild. */
export const ON_LOOPBACK: Rates = {
  ...FAILURES,
  read: { perSecond: 1_000, burst: 2_000 },
  heavy: { perSecond: 50, burst: 100 },
  trade: { perSecond: 50, burst: 100 },
}

/** What is left of a rate after a request, or how long to wait for the next one. */
export interface Allowance {
  readonly isAllowed: boolean
  readonly left: number
  readonly waitMs: number
}

/** More keys than this are not remembered: the one that asked longest ago is forgotten, and begins anew. */
const MOST_KEYS = 10_000

/** Counts requests by key: a bucket of `burst` for each, filled at `perSecond` (GCRA, one number a key). */
export class RateLimiter {
  readonly #machine: Clock
  readonly #rate: Rate
  /** When the bucket of a key will be full again, in the order of their last requests. */
  readonly #fullAt = new Map<string, number>()

  constructor(machine: Clock, rate: Rate) {
    this.#machine = machine
    this.#rate = rate
  }

  get size(): number {
    return this.#fullAt.size
  }

  take(key: string): Allowance {
    const now = this.#machine.now()
    const { allowance, fullAt } = this.#bucket(key, now)
    this.#remember(key, fullAt, now)
    return allowance
  }

  /** What `take` would answer now. */
  look(key: string): Allowance {
    return this.#bucket(key, this.#machine.now()).allowance
  }

  /** What is allowed now, and when the bucket is full if it is taken. */
  #bucket(key: string, now: EpochMs): { allowance: Allowance; fullAt: number } {
    const stepMs = 1_000 / this.#rate.perSecond
    const wholeMs = this.#rate.burst * stepMs
    // A clock that was set back must not empty a bucket for longer than it takes to fill it.
    const before = Math.min(Math.max(this.#fullAt.get(key) ?? now, now), now + wholeMs)
    const fullAt = before + stepMs
    const isAllowed = fullAt - now <= wholeMs + TOLERANCE_MS
    if (!isAllowed)
      return { allowance: { isAllowed, left: 0, waitMs: fullAt - now - wholeMs }, fullAt: before }
    const left = Math.floor((now + wholeMs - fullAt + TOLERANCE_MS) / stepMs)
    return { allowance: { isAllowed, left, waitMs: 0 }, fullAt }
  }

  #remember(key: string, fullAt: number, now: EpochMs): void {
    this.#fullAt.delete(key)
    if (this.#fullAt.size >= MOST_KEYS) this.#makeRoom(now)
    this.#fullAt.set(key, fullAt)
  }

  /** A full bucket is the same as none. */
  #makeRoom(now: EpochMs): void {
    for (const [key, fullAt] of this.#fullAt) if (fullAt <= now) this.#fullAt.delete(key)
    const [oldest] = this.#fullAt.keys()
    if (this.#fullAt.size >= MOST_KEYS) this.#fullAt.delete(oldest!)
  }
}

/** Sums of fractions of a millisecond are not exact. */
const TOLERANCE_MS = 1e-6

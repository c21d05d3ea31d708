import { type BarSize, barSizeMs } from '../market/barSize.ts'
import { nextSession, type SessionKind, sessionAt } from '../market/session.ts'
import { type Clock, type EpochMs, later, plus, SECOND_MS } from '../market/time.ts'

/** A bar without a trade is not told: two of them, and some seconds more, may pass in silence. */
const BARS = 2
const GRACE_MS = 5 * SECOND_MS

interface StalenessDeps {
  readonly market: Clock
  readonly size: BarSize
  readonly session: SessionKind
}

/** Notices a stream of bars that says nothing for too long while the market is open. */
export class Staleness {
  readonly #deps: StalenessDeps
  readonly #onStale: () => void
  readonly #patienceMs: number
  #heardAt: EpochMs
  #stopTimer: (() => void) | null = null

  constructor(deps: StalenessDeps, onStale: () => void) {
    this.#deps = deps
    this.#onStale = onStale
    this.#patienceMs = BARS * barSizeMs(deps.size) + GRACE_MS
    this.#heardAt = deps.market.now()
  }

  /** Something came, or was begun. */
  heard(): void {
    this.#heardAt = this.#deps.market.now()
    if (this.#stopTimer === null) this.#wait()
  }

  stop(): void {
    this.#stopTimer?.()
    this.#stopTimer = null
  }

  #wait(): void {
    const { market } = this.#deps
    this.#stopTimer = market.after(this.#staleAt() - market.now(), () => {
      this.#stopTimer = null
      if (market.now() < this.#staleAt()) this.#wait()
      else this.#onStale()
    })
  }

  /** Only what an open market could have told counts as silence. */
  #staleAt(): EpochMs {
    const { market, session: kind } = this.#deps
    const session = sessionAt(market.now(), kind) ?? nextSession(market.now(), kind)
    return plus(later(this.#heardAt, session.from), this.#patienceMs)
  }
}

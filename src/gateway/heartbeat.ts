import { type Clock, type EpochMs, earlier } from '../market/time.ts'

/** A ping every 4 s, and 9 s without a byte is the end: a dead link is noticed in less than 10 s. */
const PING_EVERY_MS = 4_000
const SILENCE_MS = 9_000
/** TWS lags by some seconds on weekends; one that sends but no longer answers is as good as dead. */
const PONG_MAX_MS = 20_000
/** A TWS that does not read: how much, or for how long, something may wait to be sent. */
const UNSENT_MAX_BYTES = 2 ** 20
const UNSENT_MAX_MS = 5_000

interface HeartbeatDeps {
  readonly machine: Clock
  /** Asks TWS for its time. */
  readonly ping: () => void
  readonly unsentBytes: () => number
  /** The connection is of no use any more. */
  readonly fail: (reason: string) => void
}

interface Waiting {
  readonly question: number
  readonly resolve: (isAnswered: boolean) => void
}

/** Whether the other side of a connection is alive: what it has said, answered and read, and when. */
export class Heartbeat {
  readonly #deps: HeartbeatDeps
  readonly #waiting = new Set<Waiting>()
  #heardAt: EpochMs
  /** Since when a ping waits for its answer, and something for being sent. */
  #pingedAt: EpochMs | null = null
  #unsentSince: EpochMs | null = null
  /**
   * Answers carry no number: they come in the order of the questions. Since when there is always one that is missing.
   */
  #asked = 0
  #answered = 0
  #owedSince: EpochMs | null = null

  constructor(deps: HeartbeatDeps) {
    this.#deps = deps
    this.#heardAt = deps.machine.now()
  }

  /** How long not a byte has come. */
  get silentMs(): number {
    return this.#deps.machine.now() - this.#heardAt
  }

  /** Beats until the signal is aborted. */
  start(ended: AbortSignal): void {
    let stop = (): void => {}
    const beat = (): void => {
      const now = this.#deps.machine.now()
      const fault = this.#fault(now)
      if (fault !== null) this.#deps.fail(fault)
      if (ended.aborted) return
      this.#ping(now)
      stop = this.#deps.machine.after(this.#nextBeatMs(now), beat)
    }
    ended.addEventListener('abort', () => {
      stop()
      for (const waiting of this.#waiting) waiting.resolve(false)
    })
    beat()
  }

  heard(): void {
    this.#heardAt = this.#deps.machine.now()
  }

  /** TWS has told its time. */
  answered(): void {
    this.#pingedAt = null
    if (this.#answered < this.#asked) this.#answered++
    if (this.#answered === this.#asked) this.#owedSince = null
    for (const waiting of this.#waiting) if (waiting.question <= this.#answered) waiting.resolve(true)
  }

  /** Asks now, and tells whether the answer to this very question came within `limitMs`. */
  roundTrip(limitMs: number): Promise<boolean> {
    const { machine } = this.#deps
    return new Promise((resolve) => {
      this.#ping(machine.now())
      const stopTimer = machine.after(limitMs, () => waiting.resolve(false))
      const waiting: Waiting = {
        question: this.#asked,
        resolve: (isAnswered) => {
          stopTimer()
          this.#waiting.delete(waiting)
          resolve(isAnswered)
        },
      }
      this.#waiting.add(waiting)
    })
  }

  #ping(now: EpochMs): void {
    this.#pingedAt ??= now
    this.#forgetLost(now)
    this.#asked++
    this.#deps.ping()
  }

  /** An answer that is owed for so long was lost: the next questions must not wait for it. */
  #forgetLost(now: EpochMs): void {
    this.#owedSince ??= now
    if (now - this.#owedSince < PONG_MAX_MS) return
    this.#answered = this.#asked
    this.#owedSince = now
  }

  /** The beat that finds a silence or a jam complete must not come a whole interval late. */
  #nextBeatMs(now: EpochMs): number {
    if (this.#unsentSince !== null) return UNSENT_MAX_MS / 5
    return Math.min(PING_EVERY_MS, SILENCE_MS - (now - this.#heardAt))
  }

  /** Why the connection is of no use any more, or null. */
  #fault(now: EpochMs): string | null {
    this.#mendTimes(now)
    const unsent = this.#deps.unsentBytes()
    this.#unsentSince = unsent === 0 ? null : (this.#unsentSince ?? now)
    if (unsent > UNSENT_MAX_BYTES || now - (this.#unsentSince ?? now) >= UNSENT_MAX_MS)
      return 'TWS no longer reads'
    if (now - this.#heardAt >= SILENCE_MS) return 'TWS has fallen silent'
    if (now - (this.#pingedAt ?? now) >= PONG_MAX_MS) return 'TWS no longer answers'
    return null
  }

  /** A clock that was set back must not make a silence younger than nothing. */
  #mendTimes(now: EpochMs): void {
    this.#heardAt = earlier(this.#heardAt, now)
    if (this.#pingedAt !== null) this.#pingedAt = earlier(this.#pingedAt, now)
    if (this.#unsentSince !== null) this.#unsentSince = earlier(this.#unsentSince, now)
    if (this.#owedSince !== null) this.#owedSince = earlier(this.#owedSince, now)
  }
}

import { AppError, messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import { candleClose } from '../market/candleClose.ts'
import type { Clock, EpochMs, TimeRange } from '../market/time.ts'
import type { LiveBars, LiveBarsUpdate } from '../ports/liveBars.ts'
import type { CandleSink, CandlesRequest, ClosedCandles } from './closedCandles.ts'
import { ClosingCandles } from './closing.ts'
import { gridOf } from './settings.ts'
import { askedCandles, type SettledDeps, settledCandles } from './settledCandles.ts'
import { settledUntil, warmUp } from './warmUp.ts'

export interface CandlesDeps extends SettledDeps {
  readonly liveBars: LiveBars
  readonly market: Clock
  readonly machine: Clock
  readonly log: Log
}

/** The trader's candles: our own or the broker's up to now, and from then on as they close, without a gap. */
export const closedCandles = (deps: CandlesDeps): ClosedCandles => ({
  async follow(request, sink, signal) {
    const following = new Following(deps, request, sink, signal)
    await following.run().catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
  },
})

/** Waits between two tries, in machine time: what is away is asked for again, less and less often. */
const RETRY_MS = [250, 500, 1_000, 2_000, 5_000] as const
const TELL_AT = RETRY_MS.length - 1

class Following {
  readonly #deps: CandlesDeps
  readonly #request: CandlesRequest
  readonly #sink: CandleSink
  readonly #signal: AbortSignal
  readonly #closing: ClosingCandles
  readonly #until: EpochMs
  /** Ends the wait there is. Without an AbortSignal: its error and events take as long as a decision. */
  #wake: () => void = () => {}

  constructor(deps: CandlesDeps, request: CandlesRequest, sink: CandleSink, signal: AbortSignal) {
    const grid = gridOf(request.settings)
    this.#deps = deps
    this.#request = request
    this.#sink = sink
    this.#signal = signal
    this.#until = settledUntil(grid, deps.market.now())
    this.#closing = new ClosingCandles(grid, this.#until)
  }

  /** The stream is heard from the beginning: what closes during the warm-up is not missed. */
  async run(): Promise<void> {
    const { instrument, settings } = this.#request
    const { size, session } = settings
    const hush = this.#deps.liveBars.follow({ instrument, size, session }, (update) => this.#heed(update))
    const wake = () => this.#wake()
    this.#signal.addEventListener('abort', wake)
    try {
      await this.#warmUp()
      await this.#goOn()
    } finally {
      this.#signal.removeEventListener('abort', wake)
      hush()
    }
  }

  #heed(update: LiveBarsUpdate): void {
    if (update.kind === 'bar') this.#closing.take(update.bar, this.#deps.market.now())
    else this.#closing.interrupted()
    this.#wake()
  }

  async #warmUp(): Promise<void> {
    const { settings, decidingFrom } = this.#request
    const wanted = { settings, before: decidingFrom ?? this.#until, until: this.#until }
    const parts = await warmUp(wanted, (range) =>
      this.#persistently(() => settledCandles(this.#deps, this.#request, range, this.#signal)),
    )
    for (const part of parts) {
      for (const candle of part)
        this.#sink.candle({ candle, closedAt: candleClose(gridOf(settings), candle.time) })
    }
  }

  async #goOn(): Promise<void> {
    for (let isWarm = false; !this.#signal.aborted; ) {
      const step = this.#closing.next(this.#deps.market.now())
      if (step.kind === 'candle') this.#sink.candle(step.closed)
      else if (step.kind === 'ask') await this.#ask(step.range)
      else {
        if (!isWarm) this.#sink.warm()
        isWarm = true
        await this.#sleepUntil(step.until)
      }
    }
  }

  async #ask(range: TimeRange): Promise<void> {
    const bars = await this.#persistently(() => askedCandles(this.#deps, this.#request, range, this.#signal))
    this.#closing.answer(range, bars, this.#deps.market.now())
  }

  /** Until then, or until the stream tells something. */
  #sleepUntil(at: EpochMs): Promise<void> {
    const { market } = this.#deps
    return new Promise((resolve) => {
      const stopTimer = market.after(Math.max(0, at - market.now()), () => this.#wake())
      this.#wake = () => {
        stopTimer()
        resolve()
      }
    })
  }

  /** The broker or the database may be away: what cannot be had is asked for until it is there. */
  async #persistently<T>(work: () => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries++) {
      try {
        return await work()
      } catch (error) {
        this.#signal.throwIfAborted()
        if (!(error instanceof AppError)) throw error
        const waitMs = RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]!
        const level = tries === TELL_AT ? 'warn' : 'debug'
        this.#deps.log[level]({ error: messageOf(error), waitMs }, "the trader's candles are not to be had")
        await this.#deps.machine.sleep(waitMs, this.#signal)
      }
    }
  }
}

import { WhatToShow } from '@stoqey/ib'
import { invalid, messageOf, unavailable } from '../errors.ts'
import type { Log } from '../log.ts'
import { type BarSize, barSizeMs } from '../market/barSize.ts'
import { type Clock, HOUR_MS, MINUTE_MS, SECOND_MS } from '../market/time.ts'
import type { LiveBars, LiveBarsRequest, LiveBarsUpdate } from '../ports/liveBars.ts'
import type { Gateway } from './gateway.ts'
import { Staleness } from './staleness.ts'
import { storedBar } from './storedBar.ts'
import { ibBarSize, ibContract, isRejected } from './translate.ts'
import type { Answer } from './wire.ts'

/** After each failure longer; a bar that comes ends the row of them. */
const RETRY_MS = [SECOND_MS, 5 * SECOND_MS, 15 * SECOND_MS, MINUTE_MS]
/** UTC, epoch seconds. */
const FORMAT_EPOCH = 2
/** A series that is kept up to date has no end. */
const NEWEST = ''

export interface LiveBarsDeps {
  readonly gateway: Gateway
  readonly market: Clock
  readonly machine: Clock
  readonly log: Log
}

/** IB's bars that are kept up to date. They do not count against the budget from one minute on. */
export const ibLiveBars = (deps: LiveBarsDeps): LiveBars => ({
  follow(request, listener) {
    if (barSizeMs(request.size) < MINUTE_MS || barSizeMs(request.size) > HOUR_MS)
      throw invalid(`bars of ${request.size} are not followed: 1m to 1h are`)
    const series = new FollowedSeries(deps, request, listener)
    return () => series.end()
  },
})

class FollowedSeries {
  readonly #deps: LiveBarsDeps
  readonly #request: LiveBarsRequest
  readonly #listener: (update: LiveBarsUpdate) => void
  readonly #staleness: Staleness
  readonly #unwatch: () => void
  /** Ends the subscription there is. */
  #subscription: AbortController | null = null
  #failures = 0
  /** Bars have come since the last interruption. */
  #isWhole = false
  #stopRetry = (): void => {}

  constructor(deps: LiveBarsDeps, request: LiveBarsRequest, listener: (update: LiveBarsUpdate) => void) {
    this.#deps = deps
    this.#request = request
    this.#listener = listener
    this.#staleness = new Staleness({ market: deps.market, ...request }, () => this.#fellSilent())
    this.#unwatch = deps.gateway.watch({ onReady: (data) => this.#ready(data) })
    if (deps.gateway.session !== null) this.#subscribe()
  }

  end(): void {
    this.#unwatch()
    this.#stop()
  }

  #ready(data: 'kept' | 'lost'): void {
    if (data === 'kept' && this.#subscription !== null) this.#staleness.heard()
    else this.#renew('the connection to TWS was lost')
  }

  #fellSilent(): void {
    const { isReady } = this.#deps.gateway
    // Over a lost link nothing comes, and nothing can be asked.
    if (isReady) this.#renew('TWS has sent no bars for too long')
    else this.#staleness.heard()
  }

  #renew(reason: string): void {
    this.#interrupted(reason)
    this.#stop()
    this.#subscribe()
  }

  #stop(): void {
    this.#staleness.stop()
    this.#stopRetry()
    const subscription = this.#subscription
    this.#subscription = null
    subscription?.abort()
  }

  #subscribe(): void {
    const subscription = new AbortController()
    this.#subscription = subscription
    this.#ask(subscription.signal).catch((error) => {
      if (this.#subscription === subscription) this.#failed(messageOf(error))
    })
    this.#staleness.heard()
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const { instrument, size, session } = this.#request
    await this.#deps.gateway.ready().ask<never>({
      deadlineMs: null,
      signal,
      send: (api, id) =>
        api.reqHistoricalData(
          id,
          ibContract(instrument),
          NEWEST,
          durationOf(size),
          ibBarSize(size),
          WhatToShow.TRADES,
          session === 'rth',
          FORMAT_EPOCH,
          true,
        ),
      cancel: (api, id) => api.cancelHistoricalData(id),
      receive: (answer) => this.#take(answer),
    })
  }

  #take(answer: Answer): undefined {
    if (answer.type === 'historicalFailure') throw unavailable(answer.text)
    if (answer.type !== 'bar' && answer.type !== 'barUpdate') return
    const bar = storedBar(answer.bar, this.#request)
    this.#failures = 0
    this.#isWhole = true
    this.#staleness.heard()
    if (bar === null) return
    if (isRejected(bar)) this.#tell({ kind: 'interrupted', reason: `a bar was no bar: ${bar.reason}` })
    else this.#tell({ kind: 'bar', bar })
  }

  #failed(reason: string): void {
    this.#stop()
    this.#interrupted(reason)
    const delayMs = RETRY_MS[Math.min(this.#failures++, RETRY_MS.length - 1)]!
    this.#stopRetry = this.#deps.machine.after(delayMs, () => this.#subscribe())
  }

  /** One interruption is told once, however many attempts it takes to end it. */
  #interrupted(reason: string): void {
    if (this.#isWhole) this.#tell({ kind: 'interrupted', reason })
    this.#isWhole = false
  }

  /** A listener that fails must not take the connection with it. */
  #tell(update: LiveBarsUpdate): void {
    try {
      this.#listener(update)
    } catch (error) {
      this.#deps.log.error({ error: messageOf(error) }, 'a live bar was not taken')
    }
  }
}

/** IB: Valid Duration and Bar Size Settings. Enough for the newest few bars. */
function durationOf(size: BarSize): string {
  const ms = barSizeMs(size)
  if (ms <= 5 * MINUTE_MS) return '3600 S'
  return ms < HOUR_MS ? '14400 S' : '28800 S'
}

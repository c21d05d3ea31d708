import { AppError, messageOf, throttled } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Clock } from '../market/time.ts'
import type { Backtest, BacktestOrder } from '../ports/backtests.ts'
import type { Stores } from '../ports/stores.ts'
import { shownRequest } from '../sweep/answer.ts'
import type { ThreadPool } from '../sweep/pool.ts'
import { type Admitted, admitted } from './admission.ts'
import { readJob } from './job.ts'
import { filledRequest } from './request.ts'

export interface RunDeps {
  /** On connections of their own: a long read must hold up nobody. */
  readonly stores: Pick<Stores, 'instruments' | 'bars' | 'coverage' | 'quarantine' | 'backtests'>
  readonly threads: ThreadPool
  readonly market: Clock
  readonly machine: Clock
  readonly log: Log
}

/** One runs and five wait. */
const MOST_OPEN = 6
const RETRY_AFTER_MS = 5_000

/** A fifth of the time after which a store takes a process for dead. */
const ALIVE_EVERY_MS = 2_000

interface Run {
  readonly id: string
  readonly abort: AbortController
  readonly order: Admitted
}

/** The backtests that this process has taken and not ended yet, one after the other. */
export class BacktestRuns {
  readonly #deps: RunDeps
  readonly #open = new Map<string, Run>()
  /** Orders that are being looked at. */
  #arriving = 0
  #turn: Promise<unknown> = Promise.resolve()
  #disarm: (() => void) | null = null

  constructor(deps: RunDeps) {
    this.#deps = deps
  }

  /** Takes an order. `ended` rejects where the run is refused for what its bars are. */
  async take(order: BacktestOrder): Promise<{ backtest: Backtest; ended: Promise<void> }> {
    if (this.#open.size + this.#arriving >= MOST_OPEN) throw full()
    this.#arriving++
    try {
      const run = await admitted(this.#deps, filledRequest(order), this.#deps.market.now())
      const backtest = await this.#deps.stores.backtests.create(JSON.stringify(shownRequest(run.request)))
      return { backtest, ended: this.#queue({ id: backtest.id, abort: new AbortController(), order: run }) }
    } finally {
      this.#arriving--
    }
  }

  /** Ends a run that this process has taken; the store knows why. */
  abort(id: string): void {
    this.#open.get(id)?.abort.abort(new Error('the backtest was cancelled'))
    this.#open.delete(id)
  }

  /** Leaves nothing open behind. */
  async stop(): Promise<void> {
    this.#disarm?.()
    const ids = [...this.#open.keys()]
    await Promise.allSettled(ids.map((id) => this.#deps.stores.backtests.fail(id, 'the service was stopped')))
    for (const id of ids) this.abort(id)
  }

  #queue(run: Run): Promise<void> {
    this.#open.set(run.id, run)
    this.#watch()
    const ended = this.#turn.then(() => this.#run(run)).finally(() => this.#open.delete(run.id))
    this.#turn = ended.catch(() => {})
    return aborted(ended, run.abort.signal)
  }

  async #run({ id, abort: { signal }, order: { request, instrument, warnings } }: Run): Promise<void> {
    const { stores, threads, market } = this.#deps
    if (signal.aborted || !(await stores.backtests.begin(id))) return
    try {
      const job = await readJob(stores, request, instrument, { now: market.now(), warnings, signal })
      await stores.backtests.finish(id, await threads.run(job, signal))
    } catch (error) {
      if (!signal.aborted) await this.#fail(id, error)
    }
  }

  /** What is no fault of ours is told to who waits, too. */
  async #fail(id: string, error: unknown): Promise<void> {
    const isTold = error instanceof AppError
    if (!isTold) this.#deps.log.error({ backtest: id, err: error }, 'a backtest failed')
    await this.#deps.stores.backtests.fail(
      id,
      isTold ? messageOf(error) : 'the run has a defect; the log tells more',
    )
    if (isTold) throw error
  }

  /** Says again and again that this process lives, and hears what others have cancelled. */
  #watch(): void {
    this.#disarm?.()
    this.#disarm = this.#deps.machine.after(ALIVE_EVERY_MS, () => void this.#look())
  }

  async #look(): Promise<void> {
    if (this.#open.size === 0) return
    const ids = [...this.#open.keys()]
    const open = await this.#deps.stores.backtests.keepAlive(ids).catch(() => ids)
    for (const id of ids) if (!open.includes(id)) this.abort(id)
    this.#watch()
  }
}

const full = () =>
  throttled(`One backtest runs and ${MOST_OPEN - 1} wait, which is the most; try again later.`, {
    retryAfterMs: RETRY_AFTER_MS,
  })

/** Resolves as soon as the signal is aborted. */
function aborted(ended: Promise<void>, signal: AbortSignal): Promise<void> {
  const cancelled = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  return Promise.race([ended, cancelled])
}

import { Piscina } from 'piscina'
import { AppError, messageOf, refused, throttled, unavailable } from '../errors.ts'
import type { EquityCurve, FinishedRun } from '../ports/backtests.ts'
import type { DecisionsPart } from './decisions.ts'
import type { Drawing } from './drawing.ts'
import type { EquityPart } from './equity.ts'
import type { BacktestJob } from './run.ts'
import type { TradesPart } from './trades.ts'

/** Threads that compute, so that the event loop need not. */
export interface ThreadPool {
  /** Rejects with `refused` when it needs more memory than a thread has. An abort ends its thread. */
  run(job: BacktestJob, signal: AbortSignal): Promise<FinishedRun>
  /** Rejects with `unavailable` where this installation cannot draw it. */
  draw(drawing: Drawing): Promise<Uint8Array>
  /** Texts of JSON. */
  trades(part: TradesPart): Promise<string[]>
  decisions(part: DecisionsPart): Promise<string[]>
  equity(part: EquityPart): Promise<EquityCurve>
  close(): Promise<void>
}

/** One runs a backtest; another one draws and tells meanwhile. */
const THREADS = 2
const MOST_WAITING = 32
const IDLE_MS = 60_000

/** Of each thread's own objects. The columns of bars are shared and lie outside. */
const MEMORY_MB = 1_024

/** `worker` is the compiled worker.ts: a thread loads no TypeScript on Node 20. */
export function openThreadPool(worker: URL): ThreadPool {
  const threads = new Piscina({
    filename: worker.href,
    minThreads: 0,
    maxThreads: THREADS,
    idleTimeout: IDLE_MS,
    maxQueue: MOST_WAITING,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  })
  const call = async <T>(name: string, task: unknown, signal?: AbortSignal): Promise<T> => {
    try {
      return await threads.run(task, { name, ...(signal ? { signal } : {}) })
    } catch (error) {
      throw threadError(error)
    }
  }
  return {
    run: (job, signal) => call('run', job, signal),
    draw: async (drawing) =>
      (await call<Uint8Array | null>('drawn', drawing)) ?? Promise.reject(unavailable(NO_PIXELS)),
    trades: (part) => call('tradesPart', part),
    decisions: (part) => call('decisionsPart', part),
    equity: (part) => call('equityPart', part),
    close: () => threads.destroy(),
  }
}

const NO_PIXELS =
  'this installation has no @resvg/resvg-js for its platform and draws no PNG; ask for the SVG'

function threadError(error: unknown): unknown {
  if (error instanceof AppError) return error
  if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return refused(`it needs more than the ${MEMORY_MB} MB that a run may take`, { cause: error })
  }
  const isFull = /task queue/i.test(messageOf(error))
  return isFull ? throttled('too many pictures and decisions are asked for at once', { cause: error }) : error
}

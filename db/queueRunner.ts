import { type Runner, run, type TaskList } from 'graphile-worker'
import type { Pool } from 'pg'
import type { Log } from '../src/log.ts'
import type { Clock } from '../src/market/time.ts'
import type { Payload, QueueRunner, Task } from '../src/ports/queue.ts'
import { openPool } from './connect.ts'
import { guarded } from './errors.ts'
import { queueLogger } from './queueLog.ts'

interface QueueRunnerDeps {
  readonly url: string
  readonly log: Log
  /** Machine time. */
  readonly clock: Clock
  /** Whose connections it uses, and how many jobs it runs at a time. */
  readonly purpose?: 'queue' | 'webhooks'
  readonly concurrency?: number
}

type Tasks = Readonly<Record<string, Task>>

/** Takes durable jobs. One process at a time may start it for a task: it frees the jobs of every other worker of it. */
export function openQueueRunner(deps: QueueRunnerDeps): QueueRunner {
  let stop = async () => {}
  return guarded({
    async start(tasks: Tasks) {
      const pool = openPool({ ...deps, purpose: deps.purpose ?? 'queue' })
      stop = () => pool.end()
      await pool.query(FREE_ALL, [Object.keys(tasks)])
      const runner = await startRunner(deps, pool, tasks)
      stop = () => stopRunner(deps.clock, runner, pool)
    },
    async stop() {
      const stopThis = stop
      stop = async () => {}
      await stopThis()
    },
  })
}

const CONCURRENCY = 3
const POLL_INTERVAL_MS = 1_000

/** An outcome that cannot be written ends the queue then; one by one it would be an unhandled rejection, and the end. */
const OUTCOMES_IN_BATCHES = { completeJobBatchDelay: 0, failJobBatchDelay: 0 }

async function startRunner(
  { log, concurrency = CONCURRENCY }: QueueRunnerDeps,
  pgPool: Pool,
  tasks: Tasks,
): Promise<Runner> {
  const runner = await run({
    pgPool,
    taskList: taskList(tasks),
    concurrency,
    pollInterval: POLL_INTERVAL_MS,
    noHandleSignals: true,
    preset: { worker: OUTCOMES_IN_BATCHES },
    gracefulShutdownAbortTimeout: 0,
    logger: queueLogger(log),
  })
  runner.promise.catch((error: Error) => log.error({ error: error.message }, 'the job queue ended'))
  return runner
}

/** A dead worker's jobs stay locked for hours otherwise. */
const FREE_ALL = `
  select graphile_worker.force_unlock_workers(array_agg(distinct locked_by))
  from graphile_worker.jobs where locked_by is not null and task_identifier = any ($1)`

const taskList = (tasks: Tasks): TaskList =>
  Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [
      name,
      (payload: unknown, { abortSignal }: { abortSignal: AbortSignal }) =>
        task(payload as Payload, abortSignal),
    ]),
  )

const STOP_DEADLINE_MS = 1_500

/** Does not wait for ever: a job that does not heed its signal is freed at the next start. */
async function stopRunner(clock: Clock, runner: Runner, pool: Pool): Promise<void> {
  const stopped = runner
    .stop()
    .catch(() => {}) // it has ended already, and said so
    .then(() => pool.end())
  const forgotten = new AbortController()
  const deadline = clock.sleep(STOP_DEADLINE_MS, forgotten.signal).catch(() => {})
  await Promise.race([stopped, deadline])
  forgotten.abort()
}

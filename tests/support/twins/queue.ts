import type { Clock, EpochMs } from '../../../src/market/time.ts'
import type { Payload, Queue, QueueRunner, Task } from '../../../src/ports/queue.ts'
import { type Journal, Table } from './table.ts'

interface Job {
  readonly id: number
  readonly task: string
  readonly payload: Payload
  readonly key: string
  readonly line: string | null
  readonly at: EpochMs | null
  readonly state: 'waiting' | 'running'
}

type Jobs = Table<number, Job>

export interface MemoryQueue {
  readonly queue: Queue
  /** To be called when a transaction has been committed: its jobs may begin. */
  wake(): void
  /** A runner as another process would have it. */
  runner(clock: Clock, concurrency?: number): QueueRunner
}

const CONCURRENCY = 3
/** How long `stop` waits for a job that does not heed its signal. */
const STOP_DEADLINE_MS = 1_500
const RETRY_MS = 1_000

export function memoryQueue(journal: Journal): MemoryQueue {
  const jobs: Jobs = new Table('jobs', journal)
  const runners = new Set<() => void>()
  const wake = () => {
    for (const look of runners) look()
  }
  let ids = 0
  return {
    wake,
    queue: {
      async add(task, payload, key, { line = null, at = null } = {}) {
        const same = jobs.rows().find((job) => job.key === key && job.state === 'waiting')
        const id = same?.id ?? ++ids
        jobs.set(id, { id, task, payload, key, line, at, state: 'waiting' })
      },
    },
    runner: (clock, concurrency = CONCURRENCY) => memoryRunner(jobs, runners, clock, concurrency),
  }
}

function memoryRunner(jobs: Jobs, runners: Set<() => void>, clock: Clock, concurrency: number): QueueRunner {
  const running = new Map<number, Promise<void>>()
  let stopping = new AbortController()
  let tasks: Readonly<Record<string, Task>> = {}
  let disarm = (): void => {}
  const look = (): void => {
    disarm()
    disarm = nextLook()
    for (const job of jobs.rows().filter(mayRun)) {
      if (stopping.signal.aborted || running.size >= concurrency) return
      if (running.has(job.id) || tasks[job.task] === undefined || isTaken(job.line)) continue
      jobs.set(job.id, { ...job, state: 'running' })
      running.set(job.id, runJob(job))
    }
  }
  const isTaken = (line: string | null) =>
    line !== null && jobs.rows().some((job) => job.state === 'running' && job.line === line)
  const mayRun = ({ state, at }: Job) => state === 'waiting' && (at === null || at <= clock.now())
  const nextLook = () => {
    const later = jobs.rows().flatMap(({ at }) => (at !== null && at > clock.now() ? [at] : []))
    return later.length === 0 ? () => {} : clock.after(Math.min(...later) - clock.now(), look)
  }
  const runJob = async (job: Job): Promise<void> => {
    const { signal } = stopping
    try {
      await tasks[job.task]!(job.payload, signal)
      if (!signal.aborted) jobs.delete(job.id)
    } catch {
      await clock.sleep(RETRY_MS, signal).catch(() => {})
      if (!signal.aborted) jobs.set(job.id, { ...job, state: 'waiting' })
    } finally {
      running.delete(job.id)
      look()
    }
  }
  return {
    async start(given) {
      tasks = given
      stopping = new AbortController()
      for (const job of jobs.rows())
        if (job.state === 'running' && tasks[job.task] !== undefined)
          jobs.set(job.id, { ...job, state: 'waiting' })
      runners.add(look)
      look()
    },
    async stop() {
      runners.delete(look)
      disarm()
      stopping.abort(new Error('the queue is stopping'))
      const deadline = new AbortController()
      const patience = clock.sleep(STOP_DEADLINE_MS, deadline.signal).catch(() => {})
      await Promise.race([Promise.all(running.values()), patience])
      deadline.abort()
    },
  }
}

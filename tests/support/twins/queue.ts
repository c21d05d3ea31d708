import type { Clock } from '../../../src/market/time.ts'
import type { Payload, Queue, QueueRunner, Task } from '../../../src/ports/queue.ts'
import { type Journal, Table } from './table.ts'

interface Job {
  readonly id: number
  readonly task: string
  readonly payload: Payload
  readonly key: string
  readonly state: 'waiting' | 'running'
}

type Jobs = Table<number, Job>

export interface MemoryQueue {
  readonly queue: Queue
  /** To be called when a transaction has been committed: its jobs may begin. */
  wake(): void
  /** A runner as another process would have it. */
  runner(clock: Clock): QueueRunner
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
      async add(task, payload, key) {
        const same = jobs.rows().find((job) => job.key === key && job.state === 'waiting')
        const id = same?.id ?? ++ids
        jobs.set(id, { id, task, payload, key, state: 'waiting' })
      },
    },
    runner: (clock) => memoryRunner(jobs, runners, clock),
  }
}

function memoryRunner(jobs: Jobs, runners: Set<() => void>, clock: Clock): QueueRunner {
  const running = new Map<number, Promise<void>>()
  let stopping = new AbortController()
  let tasks: Readonly<Record<string, Task>> = {}
  const look = (): void => {
    for (const job of jobs.rows().filter(({ state }) => state === 'waiting')) {
      if (stopping.signal.aborted || running.size >= CONCURRENCY) return
      if (running.has(job.id) || tasks[job.task] === undefined) continue
      jobs.set(job.id, { ...job, state: 'running' })
      running.set(job.id, runJob(job))
    }
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
        if (job.state === 'running') jobs.set(job.id, { ...job, state: 'waiting' })
      runners.add(look)
      look()
    },
    async stop() {
      runners.delete(look)
      stopping.abort(new Error('the queue is stopping'))
      const deadline = new AbortController()
      const patience = clock.sleep(STOP_DEADLINE_MS, deadline.signal).catch(() => {})
      await Promise.race([Promise.all(running.values()), patience])
      deadline.abort()
    },
  }
}

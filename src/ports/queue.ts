import type { EpochMs } from '../market/time.ts'

/** Payloads are JSON objects. */
export type Payload = Readonly<Record<string, string | number | boolean | null>>
export type Task = (payload: Payload, signal: AbortSignal) => Promise<void>

interface JobPlace {
  /** Jobs of one line run one after another. */
  readonly line?: string
  /** Machine time before which it does not run. */
  readonly at?: EpochMs
}

/** Work that must survive a crash. */
export interface Queue {
  /** Adds one job; a job with the same key that has not started is replaced. Joins the surrounding transaction. */
  add(task: string, payload: Payload, key: string, place?: JobPlace): Promise<void>
}

export interface QueueRunner {
  /** Takes jobs of these tasks until `stop`. Those of them that a dead process held are freed first. */
  start(tasks: Readonly<Record<string, Task>>): Promise<void>
  /** Lets running jobs see their signal aborted, waits for them, and takes no more. */
  stop(): Promise<void>
}

/** Payloads are JSON objects. */
export type Payload = Readonly<Record<string, string | number | boolean | null>>
export type Task = (payload: Payload, signal: AbortSignal) => Promise<void>

/** Work that may run now and must survive a crash. */
export interface Queue {
  /** Adds one job; a job with the same key that has not started is replaced. Joins the surrounding transaction. */
  add(task: string, payload: Payload, key: string): Promise<void>
}

export interface QueueRunner {
  /** Takes jobs until `stop`. Jobs that a dead process held are freed first. */
  start(tasks: Readonly<Record<string, Task>>): Promise<void>
  /** Lets running jobs see their signal aborted, waits for them, and takes no more. */
  stop(): Promise<void>
}

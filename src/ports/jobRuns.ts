import type { EpochMs } from '../market/time.ts'

export interface JobRun {
  readonly name: string
  /** Market time. */
  readonly lastRun: EpochMs
  readonly lastResult: 'done' | 'failed'
  readonly detail: string
}

export interface JobRunStore {
  record(run: JobRun): Promise<void>
  list(): Promise<JobRun[]>
}

import type { EpochMs } from '../market/time.ts'

/** A cron line as it stands: when, and what became of it. Market time. */
export interface JobView {
  readonly name: string
  /** Six cron fields, seconds first, in the exchange's zone. */
  readonly pattern: string
  readonly lastRun: EpochMs | null
  /** Null when the line will not run again. */
  readonly nextRun: EpochMs | null
  readonly lastResult: 'done' | 'failed' | null
  /** One sentence on the last run, or null before it. */
  readonly detail: string | null
}

export interface Jobs {
  list(): Promise<JobView[]>
  /** Runs one now and resolves with the line after it. Rejects: `missing` no such job, `conflict` it is running. */
  run(name: string): Promise<JobView>
}

import type { JobRun, JobRunStore } from '../../../src/ports/jobRuns.ts'
import { type Journal, Table } from './table.ts'

export function memoryJobRuns(journal: Journal): JobRunStore {
  const runs = new Table<string, JobRun>('job_runs', journal)
  return {
    record: async (run) => runs.set(run.name, run),
    list: async () => runs.rows().sort((a, b) => (a.name < b.name ? -1 : 1)),
  }
}

import { asc } from 'drizzle-orm'
import type { JobRunStore } from '../src/ports/jobRuns.ts'
import { jobRuns } from './schema.ts'
import type { Session } from './session.ts'

export const jobRunStore = ({ orm }: Session): JobRunStore => ({
  async record({ name, ...outcome }) {
    await orm
      .insert(jobRuns)
      .values({ name, ...outcome })
      .onConflictDoUpdate({ target: jobRuns.name, set: outcome })
  },

  list: async () => orm.select().from(jobRuns).orderBy(asc(jobRuns.name)),
})

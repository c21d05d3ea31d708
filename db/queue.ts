import { isoInstant } from '../src/market/time.ts'
import type { Queue } from '../src/ports/queue.ts'
import type { Session } from './session.ts'

/** A task that fails this often, over some minutes, has a defect. What must be tried for longer waits in its own table. */
const ATTEMPTS = 5

/** Through SQL, so that a job is added by the very transaction that needs it. */
export const queue = (session: Session): Queue => ({
  async add(task, payload, key, { line, at } = {}) {
    const runAt = at === undefined ? null : isoInstant(at)
    await session.rows(ADD, [task, JSON.stringify(payload), key, ATTEMPTS, line ?? null, runAt])
  },
})

const ADD = `
  select from graphile_worker.add_job($1, $2::json, job_key => $3, max_attempts => $4, queue_name => $5,
    run_at => coalesce($6::timestamptz, now()))`

import { setTimeout as sleep } from 'node:timers/promises'
import type { Workbench } from '../workbench.ts'

const COMMITS = 60
const APART_MS = 40

/** How long the database takes for one row in a transaction of its own, in microseconds, each after a rest. */
export async function bareCommit({ pool }: Workbench): Promise<number[]> {
  await pool.query('create table bare_commits (number int4 primary key)')
  const times: number[] = []
  for (let number = 0; number < COMMITS; number++) {
    await sleep(APART_MS)
    const start = performance.now()
    await pool.query('insert into bare_commits values ($1)', [number])
    times.push((performance.now() - start) * 1_000)
  }
  await pool.query('drop table bare_commits')
  return times
}

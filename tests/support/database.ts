import type { Pool } from 'pg'
import { inject } from 'vitest'
import { openPool } from '../../db/connect.ts'
import { openStores } from '../../db/stores.ts'
import { machineClock } from '../../src/clock/machine.ts'
import { createLog } from '../../src/log.ts'
import type { Stores } from '../../src/ports/stores.ts'
import { createDatabase, dropDatabase, nameOf } from './databases.ts'

export interface TestDatabase {
  readonly url: string
  readonly pool: Pool
  readonly stores: Stores
  drop(): Promise<void>
}

/** A migrated database of its own, with the stores on it. */
export async function testDatabase(): Promise<TestDatabase> {
  const templateUrl = inject('templateUrl')
  const url = await createDatabase(templateUrl, nameOf(templateUrl))
  const pool = openPool({ url, purpose: 'jobs', log: createLog('error') })
  const drop = async () => {
    if (!pool.ended) await pool.end()
    await dropDatabase(url)
  }
  return { url, pool, stores: openStores(pool, { clock: machineClock, random: Math.random }), drop }
}

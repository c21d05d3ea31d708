import type { Pool } from 'pg'
import { type EpochMs, epochMs } from '../src/market/time.ts'
import { guarded } from './errors.ts'

/** Tells the database's real UTC: the one clock that all processes share. */
export const databaseClock = (pool: Pool): { now(): Promise<EpochMs> } =>
  guarded({
    async now() {
      const { rows } = await pool.query<{ now: Date }>('select clock_timestamp() as now')
      return epochMs(rows[0]!.now.getTime())
    },
  })

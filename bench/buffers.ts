import { FOUND } from '../db/secondRows.ts'
import type { Instrument } from '../src/market/instrument.ts'
import { isoInstant, type TimeRange } from '../src/market/time.ts'
import type { Workbench } from './workbench.ts'

/** How many pages PostgreSQL touches to read a range of seconds: a count, so no clock is needed. */
export async function dayBuffers(
  { pool }: Workbench,
  instrument: Instrument,
  { from, to }: TimeRange,
): Promise<number> {
  const { rows } = await pool.query(`explain (analyze, buffers, format json) ${FOUND.text}`, [
    instrument.id,
    isoInstant(from),
    isoInstant(to),
    null,
  ])
  const { Plan: plan } = rows[0]['QUERY PLAN'][0]
  return plan['Shared Hit Blocks'] + plan['Shared Read Blocks']
}

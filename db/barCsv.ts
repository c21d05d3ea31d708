import type { Pool, PoolClient } from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { isoInstant } from '../src/market/time.ts'
import type { BarQuery, BarStore } from '../src/ports/bars.ts'
import { sizeSeconds, tableOf, VALUES } from './barTable.ts'
import { csvLines } from './csvLines.ts'
import { storageError } from './errors.ts'

/** Inside a transaction, whose connection is not to be had, the lines are made from pages. */
export const noCsv: BarStore['csv'] = async () => null

/**
 * Lines of CSV from COPY, on a connection that each holds until its end. Half of the pool stays with everybody else:
 * past that, for days in archives and for a scale that is no power of ten, the answer is null.
 */
export function csvExports(pool: Pool): BarStore['csv'] {
  let free = Math.floor(pool.options.max / 2)
  return async (query) => {
    const decimals = decimalsOf(query)
    if (free === 0 || decimals === null) return null
    free--
    const done = () => void free++
    const client = await begun(pool, query, done)
    return client === null ? null : lines(client, query, decimals, done)
  }
}

const MOST_DECIMALS = 6

function decimalsOf({ instrument: { priceScale } }: BarQuery): number | null {
  const decimals = String(priceScale).length - 1
  return decimals <= MOST_DECIMALS && priceScale === 10 ** decimals ? decimals : null
}

/**
 * A long range takes its time, and so does a slow reader after the last row was sent. One snapshot: what is being
 * archived meanwhile is still seen in its table.
 */
const BEGIN = `
  begin isolation level repeatable read read only;
  set local statement_timeout = 0;
  set local idle_in_transaction_session_timeout = 0;
  set local timezone = 'UTC';
  set local datestyle = 'ISO'`

async function begun(pool: Pool, query: BarQuery, done: () => void): Promise<PoolClient | null> {
  let client: PoolClient | null = null
  try {
    client = await pool.connect()
    await client.query(BEGIN)
    if (!(await isArchived(client, query))) return client
    await client.query('commit')
  } catch (error) {
    client?.release(true)
    done()
    throw error
  }
  client.release()
  done()
  return null
}

async function isArchived(client: PoolClient, { instrument, size, from, to }: BarQuery): Promise<boolean> {
  if (size !== '1s') return false
  const { rowCount } = await client.query(
    'select from archives where instrument = $1 and first < $3 and last >= $2 limit 1',
    [instrument.id, isoInstant(from), isoInstant(to)],
  )
  return rowCount !== 0
}

/** A reader that stops early leaves rows on their way: its connection is closed, which ends the statement. */
async function* lines(
  client: PoolClient,
  query: BarQuery,
  decimals: number,
  done: () => void,
): AsyncGenerator<Uint8Array> {
  let isWhole = false
  try {
    yield* csvLines(client.query(copyTo(copyOf(query))), decimals)
    await client.query('commit')
    isWhole = true
  } catch (error) {
    throw storageError(error)
  } finally {
    client.release(!isWhole)
    done()
  }
}

/** COPY takes no parameters: these are numbers and instants that we write ourselves. */
function copyOf({ instrument, size, from, to, limit }: BarQuery): string {
  const { name, sizeIs } = tableOf(size)
  return `copy (
    select time, ${VALUES} from ${name}
    where instrument = ${instrument.id} and ${sizeIs.replace('$2', String(sizeSeconds(size)))}
      and time >= '${isoInstant(from)}' and time < '${isoInstant(to)}'
    order by time ${limit === undefined ? '' : `limit ${limit}`}
  ) to stdout with (format csv)`
}

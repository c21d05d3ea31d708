import type { Pool, PoolClient } from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { isoInstant } from '../src/market/time.ts'
import type { BarQuery, BarStore } from '../src/ports/bars.ts'
import { type Part, partsOf } from './archivedParts.ts'
import { archivedRows } from './archives.ts'
import { sizeSeconds, tableOf, VALUES } from './barTable.ts'
import { csvLines, rowLines } from './csvLines.ts'
import { storageError } from './errors.ts'
import { transactionOn } from './session.ts'

/** Inside a transaction, whose connection is not to be had, the lines are made from pages. */
export const noCsv: BarStore['csv'] = async () => null

/**
 * Lines of CSV from COPY, and from archives where days lie in them, on a connection that each holds until its end. Half
 * of the pool stays with everybody else: past that, for a limit that may end in an archive and for a scale that is no
 * power of ten, the answer is null.
 */
export function csvExports(pool: Pool): BarStore['csv'] {
  let free = Math.floor(pool.options.max / 2)
  return async (query) => {
    const decimals = decimalsOf(query)
    if (free === 0 || decimals === null) return null
    free--
    const done = () => void free++
    const begun = await begin(pool, query, done)
    return begun && lines({ ...begun, query, decimals, done })
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

interface Begun {
  readonly client: PoolClient
  readonly parts: readonly Part[]
}

async function begin(pool: Pool, query: BarQuery, done: () => void): Promise<Begun | null> {
  let client: PoolClient | null = null
  try {
    client = await pool.connect()
    await client.query(BEGIN)
    const parts = await partsToRead(client, query)
    if (query.limit === undefined || parts.length === 1) return { client, parts }
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

const partsToRead = async (client: PoolClient, query: BarQuery): Promise<Part[]> =>
  query.size === '1s'
    ? partsOf(transactionOn(client), query.instrument.id, query)
    : [{ from: query.from, to: query.to, isArchived: false }]

interface Export extends Begun {
  readonly query: BarQuery
  readonly decimals: number
  readonly done: () => void
}

/** A reader that stops early leaves rows on their way: its connection is closed, which ends the statement. */
async function* lines({ client, parts, query, decimals, done }: Export): AsyncGenerator<Uint8Array> {
  let isWhole = false
  try {
    for (const part of parts) {
      if (part.isArchived) yield* rowLines(await archived(client, query, part), 10 ** decimals)
      else yield* csvLines(client.query(copyTo(copyOf({ ...query, ...part }))), decimals)
    }
    await client.query('commit')
    isWhole = true
  } catch (error) {
    throw storageError(error)
  } finally {
    client.release(!isWhole)
    done()
  }
}

const archived = (client: PoolClient, { instrument }: BarQuery, part: Part) =>
  archivedRows(transactionOn(client), instrument.id, part)

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

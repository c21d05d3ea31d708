import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { PoolClient } from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import type { Instrument } from '../src/market/instrument.ts'
import type { TimeRange } from '../src/market/time.ts'
import type { CandleSums } from './candleSums.ts'
import type { Workbench } from './workbench.ts'

/** Other ways to the candles of an instrument's seconds, each answering with their sums. */
export interface Yardsticks {
  /** `date_bin` over a table of its own, whatever becomes of the archived seconds. */
  sql(step: string, range: TimeRange): Promise<CandleSums>
  /** DuckDB over Parquet, two threads as PostgreSQL has two cores. */
  duckdb(stepSeconds: number, range: TimeRange): Promise<CandleSums>
  close(): void
}

/** Copies the seconds to where the yardsticks read them: not timed. */
export async function openYardsticks(bench: Workbench, { id }: Instrument): Promise<Yardsticks> {
  const client = await bench.pool.connect()
  await client.query('set statement_timeout = 0')
  await client.query(`create table kept_seconds as select * from second_bars where instrument = ${id}`)
  await client.query('alter table kept_seconds add primary key (time)')
  await client.query('vacuum analyze kept_seconds')
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '512MB' })
  const duck = await instance.connect()
  const parquet = await parquetOf(client, duck, bench.folder)
  return {
    sql: async (step, { from, to }) => {
      const values = [step, new Date(from), new Date(to)]
      return sumsOf((await client.query({ text: SQL, values, rowMode: 'array' })).rows)
    },
    duckdb: async (stepSeconds, range) =>
      sumsOf((await duck.runAndReadAll(duckdbOver(parquet, stepSeconds, range))).getRows() as number[][]),
    close() {
      client.release(true)
      instance.closeSync()
    },
  }
}

async function parquetOf(client: PoolClient, duck: DuckDBConnection, folder: string): Promise<string> {
  const [csv, parquet] = [join(folder, 'seconds.csv'), join(folder, 'seconds.parquet')]
  const rows = `select date_part('epoch', time)::int8 as instant, open, high, low, close, volume from kept_seconds`
  const copy = copyTo(`copy (${rows} order by time) to stdout with (format csv, header)`)
  await pipeline(client.query(copy), createWriteStream(csv))
  await duck.run(`copy (from read_csv('${csv}')) to '${parquet}' (format parquet, compression zstd)`)
  await rm(csv)
  return parquet
}

const SQL = `
  select (array_agg(open order by time))[1], max(high), min(low), (array_agg(close order by time desc))[1],
    sum(volume)::float8
  from kept_seconds where time >= $2 and time < $3 group by date_bin($1, time, 'epoch') order by min(time)`

const duckdbOver = (parquet: string, stepSeconds: number, { from, to }: TimeRange): string => `
  select arg_min(open, instant)::double, max(high)::double, min(low)::double, arg_max(close, instant)::double,
    sum(volume)::double
  from '${parquet}' where instant >= ${from / 1_000} and instant < ${to / 1_000}
  group by instant // ${stepSeconds} order by min(instant)`

function sumsOf(rows: readonly (readonly number[])[]): CandleSums {
  let [prices, volume] = [0, 0]
  for (const [open, high, low, close, traded] of rows as [number, number, number, number, number][]) {
    prices += open + high + low + close
    volume += traded
  }
  return { candles: rows.length, prices, volume }
}

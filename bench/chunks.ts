import { mergeArrays } from '../db/barMerge.ts'
import { barRows } from '../db/barRows.ts'
import { tableOf } from '../db/barTable.ts'
import { lockBars } from '../db/locks.ts'
import { ensureMonths } from '../db/partitions.ts'
import { poolSession } from '../db/session.ts'
import type { Instrument } from '../src/market/instrument.ts'
import type { BarSeries } from '../src/market/series.ts'
import { slice } from '../src/market/series.ts'
import { epochMs, plus } from '../src/market/time.ts'
import { type Contest, type Measured, measure } from './ratio.ts'
import { contentOf, type Workbench } from './workbench.ts'

const SECONDS = tableOf('1s')

/** I3: backfill chunks, each committed with its rollups, against a statement for each row. */
export async function chunkLoad(
  bench: Workbench,
  instrument: Instrument,
  bars: BarSeries,
): Promise<Measured> {
  const chunks = cut(bars, 1_800, 6)
  const load = () => oneByOne(chunks, (chunk) => bench.stores.bars.load(instrument, '1s', chunk))
  const measured = await measure(
    {
      id: 'I3',
      what: 'backfill chunk of 1,800 seconds, with its rollups',
      yardstick: 'a prepared upsert for each row, one transaction',
      bound: 'atLeast',
      gate: 10,
      target: 29,
    },
    {
      ...contestOf(bench, instrument),
      ours: load,
      yardstick: () => oneByOne(chunks, (chunk) => rowByRow(bench, instrument, chunk)),
    },
  )
  for (const { inserted, updated } of await load()) {
    if (inserted + updated > 0) throw new Error('chunks that were sent again changed rows')
  }
  return measured
}

/** I4: what the rollups cost in the transaction of their seconds. */
export async function rollupCost(
  bench: Workbench,
  instrument: Instrument,
  bars: BarSeries,
): Promise<Measured[]> {
  const goal = { id: 'I4', yardstick: 'the same without rollups', bound: 'atMost' } as const
  const contest = (batches: readonly BarSeries[]) => ({
    ...contestOf(bench, instrument),
    ours: () => oneByOne(batches, (batch) => bench.stores.bars.upsert(instrument, '1s', batch)),
    yardstick: () => oneByOne(batches, (batch) => withoutRollups(bench, instrument, batch)),
  })
  return [
    await measure(
      { ...goal, what: 'upsert of 1,800 seconds, with its rollups', gate: 2, target: 1.25 },
      contest(cut(bars, 1_800, 20)),
    ),
    await measure(
      { ...goal, what: 'upsert of 15 seconds, with its rollups', gate: 4, target: 2.3 },
      contest(cut(bars, 15, 100)),
    ),
  ]
}

const contestOf = (bench: Workbench, instrument: Instrument): Pick<Contest, 'prepare' | 'answer'> => ({
  async prepare() {
    for (const table of ['second_bars', 'rollups']) {
      await bench.pool.query(`delete from ${table} where instrument = $1`, [instrument.id])
    }
  },
  answer: () => contentOf(bench, instrument),
})

/** The first `count` batches of `size` bars. */
const cut = (bars: BarSeries, size: number, count: number): BarSeries[] =>
  Array.from({ length: count }, (_, k) => {
    const at = (i: number) => epochMs(bars.time[i]!)
    return slice(bars, at(k * size), plus(at((k + 1) * size - 1), 1))
  })

async function oneByOne<T>(
  batches: readonly BarSeries[],
  run: (batch: BarSeries) => Promise<T>,
): Promise<T[]> {
  const results: T[] = []
  for (const batch of batches) results.push(await run(batch))
  return results
}

const UNTOLD = { source: 'unknown', request: null, at: null, rejected: [] } as const

const withoutRollups = ({ pool }: Workbench, instrument: Instrument, bars: BarSeries) =>
  poolSession(pool).atomically(async (transaction) => {
    const rows = barRows(instrument, '1s', bars)
    const range = { from: rows.first, to: plus(rows.last, 1) }
    await lockBars(transaction, instrument.id, '1s', range)
    await ensureMonths(transaction, range)
    return mergeArrays(transaction, SECONDS, rows, UNTOLD)
  })

const rowByRow = ({ pool }: Workbench, instrument: Instrument, bars: BarSeries) =>
  poolSession(pool).atomically(async ({ client }) => {
    const { columns } = barRows(instrument, '1s', bars)
    for (let i = 0; i < bars.length; i++) {
      const values = VALUES.map((name) => columns[name]![i])
      await client.query({
        name: 'one-row',
        text: ONE_ROW,
        values: [instrument.id, columns.time![i], ...values],
      })
    }
  })

const VALUES = ['open', 'high', 'low', 'close', 'volume', 'vwap', 'trade_count']

const ONE_ROW = `
  insert into second_bars (instrument, time, ${VALUES})
  values ($1, to_timestamp($2::float8 / 1000), $3, $4, $5, $6, $7, $8, $9)
  on conflict (instrument, time) do update set ${VALUES.map((name) => `${name} = excluded.${name}`)}`

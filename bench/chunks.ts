import { mergeArrays } from '../db/barMerge.ts'
import { barRows } from '../db/barRows.ts'
import { lockIngest } from '../db/bars.ts'
import { tableOf } from '../db/barTable.ts'
import { ensureMonths } from '../db/partitions.ts'
import { poolSession, type Transaction } from '../db/session.ts'
import type { Instrument } from '../src/market/instrument.ts'
import { BarSeries } from '../src/market/series.ts'
import { isoInstant, plus, SECOND_MS } from '../src/market/time.ts'
import { type Measured, measure } from './ratio.ts'
import { contentOf, type Workbench } from './workbench.ts'

const CHUNK_ROWS = 1_800
const LIVE_ROWS = 15

/** I3: a backfill chunk, committed with its rollups, against a statement for each row. */
export async function chunkLoad(bench: Workbench, instrument: Instrument, bars: BarSeries) {
  const chunks = cut(bars, CHUNK_ROWS, 3)
  const loadAll = async () => {
    for (const chunk of chunks) await bench.stores.bars.load(instrument, '1s', chunk)
  }
  const measured = await measure(
    {
      id: 'I3',
      what: 'backfill chunk of 1,800 seconds, with rollups',
      yardstick: 'an upsert for each row, prepared, one transaction',
      bound: 'atLeast',
      gate: 10,
      target: 29,
    },
    {
      ...emptied(bench, instrument),
      ours: loadAll,
      yardstick: () => each(chunks, (chunk) => rowByRow(bench, instrument, chunk)),
    },
  )
  await expectUnchanged(bench, instrument, chunks)
  return measured
}

/** I4: what the rollups cost within the transaction of their seconds. */
export async function rollupCost(bench: Workbench, instrument: Instrument, bars: BarSeries) {
  const yardstick = 'the same without rollups'
  const goal = { id: 'I4', yardstick, bound: 'atMost' } as const
  const contest = (batches: readonly BarSeries[]) => ({
    ...emptied(bench, instrument),
    ours: () => each(batches, (batch) => bench.stores.bars.upsert(instrument, '1s', batch)),
    yardstick: () => each(batches, (batch) => withoutRollups(bench, instrument, batch)),
  })
  return [
    await measure(
      { ...goal, what: 'upsert of 1,800 seconds with rollups', gate: 2, target: 1.25 },
      contest(cut(bars, CHUNK_ROWS, 20)),
    ),
    await measure(
      { ...goal, what: 'upsert of 15 seconds with rollups', gate: 4, target: 2.3 },
      contest(cut(bars, LIVE_ROWS, 100)),
    ),
  ]
}

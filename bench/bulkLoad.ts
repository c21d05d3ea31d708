import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { binaryRows, copyBars, copyBinary } from '../db/barCopy.ts'
import { barRows } from '../db/barRows.ts'
import { tableOf } from '../db/barTable.ts'
import { poolSession } from '../db/session.ts'
import type { Instrument } from '../src/market/instrument.ts'
import type { BarSeries } from '../src/market/series.ts'
import { type Measured, measure } from './ratio.ts'
import { contentOf, type Workbench } from './workbench.ts'

const SECONDS = tableOf('1s')

/** I1: many seconds into an empty table with its key. The yardstick sends what was encoded before. */
export async function bulkLoad(
  bench: Workbench,
  instrument: Instrument,
  bars: BarSeries,
): Promise<Measured[]> {
  const { pool, stores } = bench
  await stores.bars.load(instrument, '1s', bars) // makes the months
  const copy = () =>
    poolSession(pool).atomically(({ client }) =>
      copyBars(client, SECONDS.name, SECONDS, barRows(instrument, '1s', bars)),
    )
  const [yardstick, sendEncoded] = await encodedCopy(bench, instrument, bars)
  const goal = { id: 'I1', yardstick, bound: 'atLeast', gate: 0.7, target: 1 } as const
  const contest = {
    prepare: () => pool.query('truncate second_bars, rollups'),
    yardstick: sendEncoded,
    answer: () => contentOf(bench, instrument),
  }
  const count = bars.length.toLocaleString('en')
  return [
    await measure({ ...goal, what: `bulk load of ${count} seconds` }, { ...contest, ours: copy }),
    await measure(
      { ...goal, what: 'the same with all rollups', gate: 0.3, target: 0.5 },
      { ...contest, ours: () => stores.bars.load(instrument, '1s', bars) },
    ),
  ]
}

type Yardstick = readonly [name: string, run: () => Promise<unknown>]

/** psql where the machine has one; else what it would send, sent by us. */
async function encodedCopy(bench: Workbench, instrument: Instrument, bars: BarSeries): Promise<Yardstick> {
  const encoded = [...binaryRows(SECONDS, barRows(instrument, '1s', bars))]
  const run = promisify(execFile)
  const hasPsql = await run('psql', ['--version']).then(
    () => true,
    () => false,
  )
  if (!hasPsql) {
    const send = () =>
      poolSession(bench.pool).atomically(({ client }) => copyBinary(client, SECONDS.name, SECONDS, encoded))
    return ['COPY of the same bytes, encoded before', send]
  }
  const file = join(bench.folder, 'seconds.bin')
  await writeFile(file, encoded)
  const command = `\\copy second_bars (${SECONDS.columns}) from '${file}' with (format binary)`
  return ['psql \\copy BINARY', () => run('psql', [bench.url, '--no-psqlrc', '--command', command])]
}

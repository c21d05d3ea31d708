import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { binaryRows, copyBars, copyBinary } from '../db/barCopy.ts'
import { mergeArrays } from '../db/barMerge.ts'
import { type BarRows, barRows } from '../db/barRows.ts'
import { lockIngest } from '../db/bars.ts'
import { tableOf } from '../db/barTable.ts'
import { ensureMonths } from '../db/partitions.ts'
import { repairRollups } from '../db/rollupRepair.ts'
import { poolSession, type Transaction } from '../db/session.ts'
import type { Instrument } from '../src/market/instrument.ts'
import { BarSeries, slice } from '../src/market/series.ts'
import { epochMs, isoInstant, plus, SECOND_MS } from '../src/market/time.ts'
import { type Measured, measure } from './ratio.ts'
import { seededRandom, seededSeconds } from './seededBars.ts'
import type { Workbench } from './workbench.ts'

const ROWS = 1_000_000
const PAIRS = 5
const SECONDS = tableOf('1s')

/** I1, I3 and I4: how fast bars come into the database. */
export async function ingestBenchmarks(workbench: Workbench): Promise<Measured[]> {
  const bars = seededSeconds(ROWS, seededRandom(7))
  const bulk = await bulkLoads(workbench, bars)
  const chunks = await chunkUpserts(workbench, bars)
  const rollups = await rollupCosts(workbench, bars)
  await expectNoDifference(workbench)
  return [...bulk, ...chunks, ...rollups]
}

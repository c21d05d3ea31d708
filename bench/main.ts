import { repairRollups } from '../db/rollupRepair.ts'
import { poolSession } from '../db/session.ts'
import { seededRandom } from '../src/market/seededRandom.ts'
import type { BarSeries } from '../src/market/series.ts'
import type { QualifiedInstrument } from '../src/ports/marketData.ts'
import { bulkLoad } from './bulkLoad.ts'
import { chunkLoad, rollupCost } from './chunks.ts'
import { orderPath } from './orders/orderPath.ts'
import { holds, type Measured } from './ratio.ts'
import { report } from './report.ts'
import { resampleKernel } from './resampleKernel.ts'
import { seededSeconds } from './seededBars.ts'
import { singleRuns } from './singleRun.ts'
import { openWorkbench, type Workbench } from './workbench.ts'
import { csvOfYear, yearOfSeconds } from './year.ts'

// `npm run bench`: every ratio that is promised, `npm run bench -- --year` also those of a year of seconds (5.9 million),
// some minutes more, `npm run bench -- --csv` the year as CSV alone, `npm run bench -- --orders` the way from a bar to an
// order alone, `npm run bench -- --memory` what needs no database alone. 1 when a gate does not hold.
const BULK_ROWS = 500_000

const described = (symbol: string): QualifiedInstrument => ({
  symbol,
  conId: 0,
  exchange: 'SMART',
  primaryExchange: 'ARCA',
  currency: 'USD',
  minTick: 0.01,
  priceScale: 10_000,
})

async function ingest(bench: Workbench, bars: BarSeries): Promise<Measured[]> {
  const { instruments } = bench.stores
  const [many, few] = [await instruments.save(described('MANY')), await instruments.save(described('FEW'))]
  const bulk = await bulkLoad(bench, many, bars)
  const measured = [...bulk, await chunkLoad(bench, few, bars), ...(await rollupCost(bench, few, bars))]
  const differences = await repairRollups(poolSession(bench.pool))
  if (differences > 0) throw new Error(`${differences} rollups differ from a rebuild`)
  return measured
}

/** R3, B1 and B2. */
const inMemoryAlone = async (bars: BarSeries): Promise<Measured[]> => [
  await resampleKernel(bars),
  ...(await singleRuns()),
]

async function stored(bench: Workbench, bars: BarSeries, options: readonly string[]): Promise<Measured[]> {
  const year = () => bench.stores.instruments.save(described('YEAR'))
  if (options.includes('--csv')) return csvOfYear(bench, await year())
  if (options.includes('--orders')) return orderPath(bench)
  const measured = [
    ...(await ingest(bench, bars)),
    ...(await inMemoryAlone(bars)),
    ...(await orderPath(bench)),
  ]
  return options.includes('--year') ? [...measured, ...(await yearOfSeconds(bench, await year()))] : measured
}

async function chosen(options: readonly string[]): Promise<Measured[]> {
  const bars = seededSeconds(BULK_ROWS, seededRandom(7))
  if (options.includes('--memory')) return inMemoryAlone(bars)
  const bench = await openWorkbench()
  return stored(bench, bars, options).finally(() => bench.clear())
}

const PARTS = ['--csv', '--memory', '--orders']
const isPart = process.argv.some((option) => PARTS.includes(option))
const measured = await chosen(process.argv)
report(measured, !isPart)
process.exitCode = measured.every(holds) ? 0 : 1

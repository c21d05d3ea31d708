import { openStorage } from '../db/storage.ts'
import type { Instrument } from '../src/market/instrument.ts'
import { seededRandom } from '../src/market/seededRandom.ts'
import { BarSeries, slice } from '../src/market/series.ts'
import { sessionOn } from '../src/market/session.ts'
import { epochMs, parseInstant, plus } from '../src/market/time.ts'
import { dayBuffers } from './buffers.ts'
import { ARCHIVES, ROWS, rolledUpSpeed, unrolledMemory, unrolledSpeed } from './candles.ts'
import { csvMemory, csvSpeed } from './csv.ts'
import { type Measured, measuredOnce } from './ratio.ts'
import { seededSeconds } from './seededBars.ts'
import type { Workbench } from './workbench.ts'
import { openYardsticks } from './yardsticks.ts'

const YEAR = {
  name: 'year',
  from: parseInstant('2013-01-01T00:00:00Z'),
  to: parseInstant('2014-01-01T00:00:00Z'),
}
const DAY = { name: 'day', ...sessionOn('2013-01-15', 'rth')! }

/** What must hold when a year of seconds is stored: I5, H3, R1, R2, H4, I6. */
export async function yearOfSeconds(bench: Workbench, instrument: Instrument): Promise<Measured[]> {
  const months = monthsOf(seededSeconds(6_000_000, seededRandom(7)))
  const chunks = chunksOf(months[0]!)
  await load(bench, instrument, months.slice(0, 1))
  const early = [await upsertMs(bench, instrument, chunks), await dayBuffers(bench, instrument, DAY)] as const
  await load(bench, instrument, months.slice(1))
  await bench.pool.query('vacuum analyze')
  const late = [await upsertMs(bench, instrument, chunks), await dayBuffers(bench, instrument, DAY)] as const
  return [
    measuredOnce(I5, late[0] / early[0]),
    measuredOnce(H3, late[1] - early[1]),
    ...(await csvOf(bench, instrument)),
    ...(await candlesOf(bench, instrument)),
  ]
}

/** H4 alone. */
export async function csvOfYear(bench: Workbench, instrument: Instrument): Promise<Measured[]> {
  await load(bench, instrument, monthsOf(seededSeconds(6_000_000, seededRandom(7))))
  await bench.pool.query('vacuum analyze')
  return csvOf(bench, instrument)
}

const csvOf = async (bench: Workbench, instrument: Instrument): Promise<Measured[]> => [
  await csvSpeed(bench, instrument),
  await csvMemory(bench, instrument),
]

/** R1, and R2 before and after I6 has archived the seconds. */
async function candlesOf(bench: Workbench, instrument: Instrument): Promise<Measured[]> {
  const yardsticks = await openYardsticks(bench, instrument)
  try {
    return [
      await rolledUpSpeed(bench, instrument, DAY, yardsticks, { gate: 8, target: 15 }),
      await rolledUpSpeed(bench, instrument, YEAR, yardsticks, { gate: 55, target: 110 }),
      ...(await unrolledSpeed(bench, instrument, YEAR, yardsticks, ROWS)),
      await unrolledMemory(bench, instrument, YEAR),
      await archived(bench),
      ...(await unrolledSpeed(bench, instrument, YEAR, yardsticks, ARCHIVES)),
    ]
  } finally {
    yardsticks.close()
  }
}

const I5 = {
  id: 'I5',
  what: 'revision of 1,800 seconds with a year stored',
  yardstick: 'the same with a month stored',
  bound: 'atMost',
  gate: 1.5,
  target: 1.1,
} as const

const H3 = {
  id: 'H3',
  what: 'pages read for a day of seconds with a year stored',
  yardstick: 'with a month stored, the difference',
  bound: 'atMost',
  gate: 2,
  target: 0,
} as const

function monthsOf(bars: BarSeries): BarSeries[] {
  const starts = Array.from({ length: 13 }, (_, month) => epochMs(Date.UTC(2013, month)))
  return starts.slice(1).map((to, k) => slice(bars, starts[k]!, to))
}

async function load({ stores }: Workbench, instrument: Instrument, months: readonly BarSeries[]) {
  for (const month of months) {
    console.error(`loading ${month.length} seconds …`)
    await stores.bars.load(instrument, '1s', month)
  }
}

const CHUNK = 1_800
const CHUNKS = 30

/** Chunks of the month whose volumes differ from what is stored, every other time they are sent. */
const chunksOf = (month: BarSeries): BarSeries[] =>
  Array.from({ length: CHUNKS }, (_, k) => {
    const [from, last] = [month.time[k * CHUNK]!, month.time[(k + 1) * CHUNK - 1]!]
    return slice(month, epochMs(from), plus(epochMs(last), 1))
  })

/** The median of upserts that change every row, there and back. */
async function upsertMs({ stores }: Workbench, instrument: Instrument, chunks: readonly BarSeries[]) {
  const times: number[] = []
  for (const chunk of chunks) {
    const changed = BarSeries.of([...chunk].map((bar) => ({ ...bar, volume: bar.volume + 1 })))
    for (const sent of [changed, chunk]) {
      const start = performance.now()
      await stores.bars.upsert(instrument, '1s', sent)
      times.push(performance.now() - start)
    }
  }
  return times.sort((a, b) => a - b)[times.length >> 1]!
}

/** I6: bytes of a second in an archive against those of its row with its key. */
async function archived({ pool }: Workbench): Promise<Measured> {
  const storage = openStorage(pool)
  const before = await storage.use()
  console.error('I6 archiving …')
  await storage.archive(YEAR.to)
  const after = await storage.use()
  const perRow = before.seconds.bytes / before.seconds.rows
  return measuredOnce(
    {
      id: 'I6',
      what: 'bytes of an archived second',
      yardstick: 'bytes of its row with its key',
      bound: 'atMost',
      gate: 0.2,
      target: 0.08,
    },
    after.archived.bytes / after.archived.seconds / perRow,
  )
}

import { openStorage } from '../db/storage.ts'
import type { Instrument } from '../src/market/instrument.ts'
import { BarSeries, slice } from '../src/market/series.ts'
import { sessionOn } from '../src/market/session.ts'
import { epochMs, parseInstant, plus, type TimeRange } from '../src/market/time.ts'
import { dayBuffers } from './buffers.ts'
import { csvMemory, csvSpeed } from './csv.ts'
import { type Measured, measure, measuredOnce } from './ratio.ts'
import { seededRandom, seededSeconds } from './seededBars.ts'
import type { Workbench } from './workbench.ts'

const YEAR = { from: parseInstant('2013-01-01T00:00:00Z'), to: parseInstant('2014-01-01T00:00:00Z') }
const DAY = sessionOn('2013-01-15', 'rth')!

/** What must hold when a year of seconds is stored: R1, I5, H3, H4, I6. */
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
    await rollupSpeed(bench, instrument, 'day', DAY, 8, 15),
    await rollupSpeed(bench, instrument, 'year', YEAR, 55, 110),
    await csvSpeed(bench, instrument),
    await csvMemory(bench, instrument),
    await archived(bench),
  ]
}

/** H4 alone. */
export async function csvOfYear(bench: Workbench, instrument: Instrument): Promise<Measured[]> {
  await load(bench, instrument, monthsOf(seededSeconds(6_000_000, seededRandom(7))))
  await bench.pool.query('vacuum analyze')
  return [await csvSpeed(bench, instrument), await csvMemory(bench, instrument)]
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

/** R1: stored rollups against the aggregate of the seconds in SQL, both as columns. */
function rollupSpeed(
  { stores, pool }: Workbench,
  instrument: Instrument,
  span: string,
  { from, to }: TimeRange,
  gate: number,
  target: number,
): Promise<Measured> {
  let sum = 0
  const aggregate = async () => {
    const { rows } = await pool.query({
      text: AGGREGATE,
      values: [instrument.id, new Date(from), new Date(to)],
      rowMode: 'array',
    })
    sum = rows.reduce((total, [, open, high, low, close]) => total + open + high + low + close, 0)
  }
  const rollups = async () => {
    const { length, open, high, low, close } = await stores.bars.rollups({ instrument, size: '5m', from, to })
    sum = 0
    for (let i = 0; i < length; i++) sum += open[i]! + high[i]! + low[i]! + close[i]!
    sum = Math.round(sum * 10_000)
  }
  return measure(
    {
      id: 'R1',
      what: `5m candles of a ${span} from rollups`,
      yardstick: 'date_bin over the seconds in SQL',
      bound: 'atLeast',
      gate,
      target,
    },
    { prepare: async () => {}, ours: rollups, yardstick: aggregate, answer: async () => String(sum) },
  )
}

const AGGREGATE = `
  select date_bin('5 min', time, 'epoch') as bucket, (array_agg(open order by time))[1], max(high), min(low),
    (array_agg(close order by time desc))[1], sum(volume)::float8
  from second_bars where instrument = $1 and time >= $2 and time < $3 group by bucket order by bucket`

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

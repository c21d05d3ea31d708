import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import type { BarSeries } from '../src/market/series.ts'

/** Rows that a reader may skip or take as one; what is held in memory at a time. */
const GROUP_ROWS = 100_000

/** Bars as a Parquet file, written group by group while they are read; `time` is a UTC timestamp in milliseconds. */
export async function* parquetFile(pages: AsyncIterable<BarSeries>): AsyncGenerator<Uint8Array> {
  const bytes = new ByteWriter()
  const file = new ParquetWriter({
    writer: bytes,
    schema: SCHEMA,
    createdBy: 'ibkr-pivot-engine',
  })
  for await (const group of groupsOf(pages)) {
    await file.write({ columnData: columnsOf(group), rowGroupSize: GROUP_ROWS })
    yield taken(bytes)
  }
  await file.finish()
  yield taken(bytes)
}

const field = (name: string, type: 'DOUBLE' | 'INT64', isRequired: boolean) =>
  ({ name, type, repetition_type: isRequired ? 'REQUIRED' : 'OPTIONAL' }) as const

const PRICES = ['open', 'high', 'low', 'close'] as const

const SCHEMA: ConstructorParameters<typeof ParquetWriter>[0]['schema'] = [
  { name: 'bars', num_children: 8 },
  {
    ...field('time', 'INT64', true),
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
  ...PRICES.map((name) => field(name, 'DOUBLE', true)),
  field('volume', 'INT64', true),
  field('vwap', 'DOUBLE', false),
  field('tradeCount', 'INT64', false),
]

type Column = Parameters<ParquetWriter['write']>[0]['columnData'][number]

function columnsOf(group: readonly BarSeries[]): Column[] {
  const all = (name: 'time' | 'volume' | 'vwap' | 'tradeCount' | (typeof PRICES)[number]) =>
    group.flatMap((page) => Array.from(page[name].subarray(0, page.length)))
  const orNull = (values: number[]) => values.map((value) => (Number.isNaN(value) ? null : value))
  const whole = (value: number | null) => (value === null ? null : BigInt(value))
  return [
    { name: 'time', data: all('time').map(BigInt), encoding: 'DELTA_BINARY_PACKED' },
    ...PRICES.map((name) => ({ name, data: Float64Array.from(all(name)) })),
    { name: 'volume', data: all('volume').map(BigInt) },
    { name: 'vwap', data: orNull(all('vwap')) },
    { name: 'tradeCount', data: orNull(all('tradeCount')).map(whole) },
  ]
}

async function* groupsOf(pages: AsyncIterable<BarSeries>): AsyncGenerator<BarSeries[]> {
  let group: BarSeries[] = []
  let rows = 0
  for await (const page of pages) {
    if (rows + page.length > GROUP_ROWS) {
      yield group
      group = []
      rows = 0
    }
    group.push(page)
    rows += page.length
  }
  if (rows > 0) yield group
}

/** What has been written since the last time; the writer goes on counting. */
function taken(bytes: ByteWriter): Uint8Array {
  const chunk = bytes.getBytes().slice()
  bytes.index = 0
  return chunk
}

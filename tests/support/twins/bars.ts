import { invalid } from '../../../src/errors.ts'
import { type BarSize, barSizeMs } from '../../../src/market/barSize.ts'
import type { Instrument } from '../../../src/market/instrument.ts'
import { resample } from '../../../src/market/resample.ts'
import { type Bar, BarSeries } from '../../../src/market/series.ts'
import { DAY_MS, type EpochMs, plus, type TimeRange } from '../../../src/market/time.ts'
import type { BarStore, Delivery, IngestCounts } from '../../../src/ports/bars.ts'
import type { MemoryQuarantine } from './quarantine.ts'
import type { MemoryRevisions } from './revisions.ts'
import { type Journal, Table } from './table.ts'

/** The bars of one instrument and size. */
interface Reel {
  readonly bars: Table<number, Bar>
  readonly newest: Table<'newest', EpochMs>
}

const LARGEST_INT4 = 2 ** 31 - 1

export interface MemoryBars extends BarStore {
  /** Leaves out the bars before an instant, as if they had never been. */
  forget(before: EpochMs): void
}

export interface MemoryBarsDeps {
  readonly journal: Journal
  readonly revisions: Pick<MemoryRevisions, 'keep'>
  readonly quarantine: Pick<MemoryQuarantine, 'hold'>
}

const UNKNOWN: Delivery = { source: 'unknown', request: null, at: null, rejected: [] }

export function memoryBars({ journal, revisions, quarantine }: MemoryBarsDeps): MemoryBars {
  const reels = new Map<string, Reel>()
  const reelOf = ({ id }: Instrument, size: BarSize): Reel => {
    const key = `${id} ${size}`
    const reel = reels.get(key) ?? { bars: new Table('bars', journal), newest: new Table('newest', journal) }
    reels.set(key, reel)
    return reel
  }
  const write: BarStore['upsert'] = async (instrument, size, sent, told) => {
    const delivery = { ...UNKNOWN, ...told }
    const bars = new Map([...sent].map((bar) => [bar.time, stored(bar, instrument, size)]))
    quarantine.hold(instrument, size, delivery)
    return merge(reelOf(instrument, size), [...bars.values()], (before) =>
      revisions.keep({ instrument, size }, before, delivery),
    )
  }
  const between = (instrument: Instrument, size: BarSize, range: TimeRange): Bar[] =>
    barsWithin(reelOf(instrument, size), barSizeMs(size), range)
  const rollups: BarStore['rollups'] = async ({ instrument, size, from, to, limit }) => {
    const seconds = between(instrument, '1s', { from: plus(from, -DAY_MS), to: plus(to, DAY_MS) })
    const buckets = resample(BarSeries.of(seconds), { size, session: 'all', align: 'clock' })
    return BarSeries.of(within([...buckets], { from, to }).slice(0, limit))
  }
  const forget = (before: EpochMs): void => {
    for (const { bars } of reels.values())
      for (const time of bars.keys()) if (time < before) bars.forget(time)
  }
  return {
    forget,
    upsert: write,
    load: write,
    latest: async (instrument, size) => reelOf(instrument, size).newest.get('newest') ?? null,
    csv: async () => null,
    between: async ({ instrument, size, limit, ...range }) =>
      BarSeries.of(between(instrument, size, range).slice(0, limit)),
    rollups,
    columns: async (query) => {
      const { instrument, size, ...range } = query
      const whole =
        query.source === 'rollups' ? await rollups(query) : BarSeries.of(between(instrument, size, range))
      return (async function* () {
        if (whole.length > 0) yield whole
      })()
    },
  }
}

function merge({ bars, newest }: Reel, sent: readonly Bar[], onChange: (before: Bar) => void): IngestCounts {
  const counts = { inserted: 0, updated: 0, unchanged: 0 }
  for (const bar of sent) {
    const known = bars.get(bar.time)
    if (known !== undefined && isEqual(known, bar)) {
      counts.unchanged++
      continue
    }
    bars.set(bar.time, bar)
    if (known === undefined) counts.inserted++
    else {
      counts.updated++
      onChange(known)
    }
    if (bar.time > (newest.get('newest') ?? Number.NEGATIVE_INFINITY)) newest.set('newest', bar.time)
  }
  return counts
}

/** Looks at every possible time, or at every bar, whichever is less. */
function barsWithin({ bars }: Reel, stepMs: number, range: TimeRange): Bar[] {
  if ((range.to - range.from) / stepMs > bars.size) return within(bars.rows(), range)
  const found: Bar[] = []
  for (let time = Math.ceil(range.from / stepMs) * stepMs; time < range.to; time += stepMs) {
    const bar = bars.get(time)
    if (bar !== undefined) found.push(bar)
  }
  return found
}

const within = (bars: readonly Bar[], { from, to }: TimeRange): Bar[] =>
  bars.filter(({ time }) => time >= from && time < to).sort((a, b) => a.time - b.time)

const isEqual = (a: Bar, b: Bar): boolean =>
  (Object.keys(a) as (keyof Bar)[]).every((name) => a[name] === b[name])

/** As the whole numbers of the database would give it back. */
function stored(bar: Bar, { priceScale }: Instrument, size: BarSize): Bar {
  const whole = (value: number, largest: number, scale: number): number => {
    const rounded = Math.round(value * scale)
    if (Math.abs(rounded) > largest) throw invalid(`too large to be stored: ${value}`)
    return rounded / scale
  }
  const price = (value: number): number => whole(value, LARGEST_INT4, priceScale)
  const { open, high, low, close, volume, vwap, tradeCount } = bar
  return {
    time: bar.time,
    ...{ open: price(open), high: price(high), low: price(low), close: price(close) },
    volume: whole(volume, size === '1s' ? LARGEST_INT4 : Number.MAX_SAFE_INTEGER, 1),
    vwap: vwap === null ? null : price(vwap),
    tradeCount: tradeCount === null ? null : whole(tradeCount, LARGEST_INT4, 1),
  }
}

import type { Instrument } from './market/instrument.ts'
import { bucketAt, type CandleGrid, resample } from './market/resample.ts'
import { type Bar, BarSeries } from './market/series.ts'
import { nextSession, previousSession, type SessionKind, sessionAt } from './market/session.ts'
import type { EpochMs, TimeRange } from './market/time.ts'
import type { QuarantineItem } from './ports/quarantine.ts'
import type { Stores } from './ports/stores.ts'
import { PRESETS } from './strategy/presets.ts'
import { type SwingLevels, swingLevels } from './strategy/swingLevels.ts'

const SIZES = ['1m', '5m', '15m'] as const
type Size = (typeof SIZES)[number]

/** A candle with the suspected bar in it, and without; null where nothing else is in it. */
interface CandleChange {
  readonly size: Size
  readonly time: EpochMs
  readonly with: Bar
  readonly without: Bar | null
}

/** Five-minute candles in a row, from the first one's start to the last one's end, at whose closes a level differs. */
interface LevelChange extends TimeRange {
  readonly level: keyof SwingLevels
  readonly candles: number
  readonly with: number | null
  readonly without: number | null
}

/** What excluding a bar changes, or has changed, all others being as they are now. */
export interface Exclusion {
  readonly session: SessionKind
  readonly candles: readonly CandleChange[]
  readonly levels: readonly LevelChange[]
}

interface ExclusionDeps {
  readonly stores: Pick<Stores, 'bars'>
}

interface Suspected {
  readonly instrument: Instrument
  readonly time: EpochMs
}

/** What excluding each item changes; null for one that is no stored second. */
export async function exclusionsOf(
  deps: ExclusionDeps,
  items: readonly QuarantineItem[],
): Promise<(Exclusion | null)[]> {
  const found: (Exclusion | null)[] = []
  for (const { instrument, time, kind } of items) {
    found.push(kind === 'badValue' || time === null ? null : await exclusionOf(deps, { instrument, time }))
  }
  return found
}

async function exclusionOf({ stores }: ExclusionDeps, item: Suspected): Promise<Exclusion | null> {
  const session: SessionKind = sessionAt(item.time, 'rth') ? 'rth' : 'all'
  const quarter = bucketAt(gridOf('15m', session), item.time)
  if (quarter === null) return null
  const { instrument } = item
  const query = { instrument, size: '1s', from: quarter.from, to: quarter.to } as const
  const [raw, kept] = await Promise.all([
    stores.bars.between({ ...query, raw: true }),
    stores.bars.between(query),
  ])
  const others = [...kept].filter(({ time }) => time !== item.time)
  const itself = [...raw].filter(({ time }) => time === item.time)
  const both = [...others, ...itself].sort((a, b) => a.time - b.time)
  const candles = SIZES.flatMap((size) => candleChange(size, session, item.time, both, others))
  const around = { instrument, size: '5m', ...surroundings(item.time, session) } as const
  const buckets = await stores.bars.rollups(around)
  return {
    session,
    candles,
    levels: levelChanges(resample(buckets, gridOf('5m', session)), candles, session),
  }
}

const gridOf = (size: Size, session: SessionKind): CandleGrid => ({ size, session, align: 'session' })

/** A level may stand from the session before on, and last into the session after. */
const surroundings = (at: EpochMs, kind: SessionKind): TimeRange => ({
  from: previousSession(at, kind).from,
  to: nextSession(at, kind).to,
})

function candleChange(
  size: Size,
  session: SessionKind,
  at: EpochMs,
  both: readonly Bar[],
  others: readonly Bar[],
): CandleChange[] {
  const { time } = bucketAt(gridOf(size, session), at)!
  const candleOf = (bars: readonly Bar[]) =>
    [...resample(BarSeries.of(bars), gridOf(size, session))].find((candle) => candle.time === time)
  const candle = candleOf(both)
  return candle ? [{ size, time, with: candle, without: candleOf(others) ?? null }] : []
}

function levelChanges(
  candles: BarSeries,
  changes: readonly CandleChange[],
  session: SessionKind,
): LevelChange[] {
  const change = changes.find(({ size }) => size === '5m')
  if (change === undefined) return []
  const unaffected = [...candles].filter(({ time }) => time !== change.time)
  const [before, after] = [change.with, change.without].map((candle) => {
    const series = BarSeries.of([...unaffected, ...(candle ? [candle] : [])].sort((a, b) => a.time - b.time))
    const levels = swingLevels(series, PRESETS.default.strategy)
    return new Map(levels.map((level, i) => [series.at(i).time, level]))
  })
  return (['breakout', 'swingLow'] as const).flatMap((level) => runs(level, before!, after!, session))
}

/** Where a candle is gone without the bar, no decision is taken, and none is compared. */
function runs(
  level: keyof SwingLevels,
  before: ReadonlyMap<EpochMs, SwingLevels>,
  after: ReadonlyMap<EpochMs, SwingLevels>,
  session: SessionKind,
): LevelChange[] {
  const found: LevelChange[] = []
  let isRunning = false
  for (const [time, { [level]: value }] of before) {
    const without = after.get(time)?.[level] ?? null
    const last = found.at(-1)
    const differs = after.has(time) && value !== without
    const { to } = bucketAt(gridOf('5m', session), time)!
    if (differs && isRunning && last!.with === value && last!.without === without) {
      found[found.length - 1] = { ...last!, to, candles: last!.candles + 1 }
    } else if (differs) found.push({ level, from: time, to, candles: 1, with: value, without })
    isRunning = differs
  }
  return found
}

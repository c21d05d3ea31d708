import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { invalid, messageOf } from '../errors.ts'
import { barSizeMs, isBarSize } from '../market/barSize.ts'
import { BarSeries } from '../market/series.ts'
import { exchangeDate, sessionOn } from '../market/session.ts'
import { DAY_MS, type EpochMs, epochMs, HOUR_MS, plus, type TimeRange } from '../market/time.ts'
import { parseBars } from './csv.ts'
import { isStockSymbol } from './listings.ts'
import { type MarketBars, type MarketSource, within } from './market.ts'

interface TapeFile {
  readonly name: string
  readonly symbol: string
  readonly stepMs: number
  readonly sha256: string
  readonly bars: BarSeries
}

/** The bars of one symbol and one length, out of all its files. */
type Reel = Pick<MarketBars, 'stepMs' | 'bars'>

/**
 * A market that replays CSV files named `SYMBOL-SIZE-….csv[.gz]`. Of several sizes of one symbol the finest that has
 * bars on a day makes that day's. Rejects with `invalid` and the reason on a file that is no tape.
 */
export async function openTape(paths: readonly string[]): Promise<MarketSource> {
  const files: TapeFile[] = []
  for (const path of paths) files.push(await readTapeFile(path))
  return tapeMarket(
    grouped(files, ({ symbol }) => symbol),
    hashOf(files),
  )
}

function tapeMarket(bySymbol: ReadonlyMap<string, TapeFile[]>, hash: string): MarketSource {
  const reels = new Map([...bySymbol].map(([symbol, files]) => [symbol, reelsOf(files)] as const))
  const all = [...reels.values()].flat()
  return {
    hash,
    has: (symbol) => reels.has(symbol),
    bars: (symbol, session, _kind, stepMs) => finest(reels.get(symbol) ?? [], session, stepMs),
    splits: () => [],
    isHalted: () => false,
    firstTime: (symbol) => firstOf(reels.get(symbol) ?? []),
    defaultStart: () =>
      hourAfterOpen(epochMs(Math.max(...all.map(({ bars }) => bars.time[bars.length - 1]!)))),
  }
}

function finest(reels: readonly Reel[], session: TimeRange, stepMs: number): MarketBars {
  for (const reel of reels.filter((reel) => stepMs % reel.stepMs === 0)) {
    const found = within({ ...reel, first: 0, end: reel.bars.length }, session)
    if (found.first < found.end) return found
  }
  return { stepMs: stepMs, bars: new BarSeries(), first: 0, end: 0 }
}

const firstOf = (reels: readonly Reel[]): EpochMs | null =>
  reels.length === 0 ? null : epochMs(Math.min(...reels.map(({ bars }) => bars.time[0]!)))

/** A tape may end after midnight or on a closed day: its last day is then the last session before. */
function hourAfterOpen(last: EpochMs): EpochMs {
  for (let at = last; ; at = plus(at, -DAY_MS)) {
    const session = sessionOn(exchangeDate(at), 'rth')
    if (session) return plus(session.from, HOUR_MS)
  }
}

/** The reels of a symbol, finest first. */
function reelsOf(files: readonly TapeFile[]): Reel[] {
  const bySize = grouped(files, ({ stepMs }) => stepMs)
  return [...bySize]
    .map(([stepMs, same]) => ({ stepMs, bars: spliced(same) }))
    .sort((a, b) => a.stepMs - b.stepMs)
}

function grouped<K>(files: readonly TapeFile[], keyOf: (file: TapeFile) => K): Map<K, TapeFile[]> {
  const groups = new Map<K, TapeFile[]>()
  for (const file of files) groups.set(keyOf(file), [...(groups.get(keyOf(file)) ?? []), file])
  return groups
}

function spliced(files: readonly TapeFile[]): BarSeries {
  if (files.length === 1) return files[0]!.bars
  const ordered = files.toSorted((a, b) => a.bars.time[0]! - b.bars.time[0]!)
  const whole = new BarSeries(ordered.reduce((sum, { bars }) => sum + bars.length, 0))
  for (const { name, bars } of ordered) {
    if (whole.length > 0 && bars.time[0]! <= whole.time[whole.length - 1]!)
      throw invalid(`${name}: overlaps another file of the same symbol and size`)
    for (const bar of bars) whole.push(bar)
  }
  return whole
}

async function readTapeFile(path: string): Promise<TapeFile> {
  const name = basename(path)
  const { symbol, stepMs } = named(name)
  const content = await contentOf(path)
  const bars = parseBars(content.toString('utf8'), name)
  if (bars.length === 0) throw invalid(`${name}: no bars`)
  const sha256 = createHash('sha256').update(content).digest('hex')
  return { name, symbol, stepMs, sha256, bars }
}

function named(name: string): { symbol: string; stepMs: number } {
  const [, symbol = '', size = ''] = /^([^-]+)-([^-]+)-.*\.csv(?:\.gz)?$/.exec(name) ?? []
  // A bar of a day has no hours: days are made of finer bars.
  if (!isStockSymbol(symbol) || !isBarSize(size) || size === '1d')
    throw invalid(`${name}: a tape is named like SPY-1s-20131007.csv or SPY-1m-2013.csv.gz`)
  return { symbol, stepMs: barSizeMs(size) }
}

const unzip = promisify(gunzip)

async function contentOf(path: string): Promise<Buffer> {
  try {
    const bytes = await readFile(path)
    return path.endsWith('.gz') ? await unzip(bytes) : bytes
  } catch (cause) {
    throw invalid(`${path}: cannot be read: ${messageOf(cause)}`, { cause })
  }
}

/** The same whatever the order and packing of the files. */
const hashOf = (files: readonly TapeFile[]): string =>
  createHash('sha256')
    .update(
      files
        .map(({ symbol, stepMs, sha256 }) => `${symbol} ${stepMs} ${sha256}`)
        .sort()
        .join('\n'),
    )
    .digest('hex')
    .slice(0, 16)

import { basename } from 'node:path'
import { refused } from '../errors.ts'
import type { ImportSize, LineFault } from '../imports/barLine.ts'
import { readBars } from '../imports/readBars.ts'
import { reading } from '../imports/spool.ts'
import { resample } from '../market/resample.ts'
import { BarSeries, slice } from '../market/series.ts'
import type { EpochMs } from '../market/time.ts'
import type { BarStore } from '../ports/bars.ts'

interface CsvOptions {
  readonly size: ImportSize
  /** Bars that end later are refused. */
  readonly now: EpochMs
  /** Told how many bars have been read. */
  readonly onRead?: (bars: number) => void
}

/** Bars of files, sorted; of bars with the same time the first counts. */
export interface CsvBars {
  readonly bars: BarSeries
  /** Lines that are no bars of their own: a time that came before, or values that cannot be. */
  readonly leftOut: number
}

/** Reads files of bars, also gzipped. Refuses one that is none, naming the file and the line. */
export async function csvBars(paths: readonly string[], options: CsvOptions): Promise<CsvBars> {
  const all = new BarSeries(1 << 16)
  let leftOut = 0
  for (const path of paths) {
    leftOut += await readFile(path, all, options)
    options.onRead?.(all.length)
  }
  const bars = sorted(all)
  return { bars, leftOut: leftOut + all.length - bars.length }
}

async function readFile(path: string, all: BarSeries, options: CsvOptions): Promise<number> {
  const read = await reading(path).catch((error: Error) => Promise.reject(unreadable(path, error)))
  let leftOut = 0
  for await (const lines of readBars(read(), options)) {
    for (const line of lines) {
      if ('bar' in line) all.push(line.bar)
      else if ('bad' in line || line.fault.kind === 'rejected') leftOut++
      else throw refused(`${basename(path)}, line ${line.line}: ${faultText(line.fault)}`)
    }
    options.onRead?.(all.length)
  }
  return leftOut
}

const faultText = ({ column, message }: LineFault): string =>
  column === null ? message : `${column} ${message}`

const unreadable = (path: string, cause: Error) =>
  refused(
    `${path} cannot be read: ${'code' in cause && cause.code === 'ENOENT' ? 'there is no such file' : cause.message}`,
    {
      cause,
    },
  )

function sorted(bars: BarSeries): BarSeries {
  const isAscending = bars.time.subarray(1, bars.length).every((time, i) => time > bars.time[i]!)
  if (isAscending) return bars
  const first = new Map([...bars].reverse().map((bar) => [bar.time, bar]))
  return BarSeries.of([...first.values()].sort((a, b) => a.time - b.time))
}

/** The same bars as a store gives them. Rollups are made when they are asked for. */
export const columnsOf = (bars: BarSeries, size: ImportSize): Pick<BarStore, 'columns'> => ({
  async columns({ source, size: asked, from, to }) {
    const whole =
      source === 'rollups' ? resample(bars, { size: asked, session: 'all', align: 'clock' }) : bars
    const isThere = source === 'rollups' || asked === size
    return (async function* () {
      if (isThere) yield slice(whole, from, to)
    })()
  },
})

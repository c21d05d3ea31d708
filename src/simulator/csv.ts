import { invalid } from '../errors.ts'
import { type Bar, BarSeries } from '../market/series.ts'
import { parseInstant } from '../market/time.ts'

const HEADERS: ReadonlySet<string> = new Set([
  'time,open,high,low,close,volume',
  'time,open,high,low,close,volume,vwap,tradeCount',
])

/**
 * Bars of a file with the columns `time,open,high,low,close,volume[,vwap,tradeCount]`, oldest first. Throws `invalid`
 * with the file, the line and the reason on anything else.
 */
export function parseBars(text: string, file: string): BarSeries {
  const lines = text.split(/\r?\n/)
  const header = lines[0]!
  if (!HEADERS.has(header))
    throw invalid(`${file}, line 1: the header is ${JSON.stringify(header.slice(0, 80))}`)
  const columns = header.split(',').length
  const bars = new BarSeries(lines.length)
  for (let i = 1; i < lines.length; i++) {
    if (lines[i] === '' && i === lines.length - 1) break
    push(bars, lines[i]!, columns, `${file}, line ${i + 1}`)
  }
  return bars
}

function push(bars: BarSeries, line: string, columns: number, where: string): void {
  const bar = barOf(line.split(','), columns)
  if (typeof bar === 'string') throw invalid(`${where}: ${bar}`)
  if (bars.length > 0 && bar.time <= bars.time[bars.length - 1]!)
    throw invalid(`${where}: time does not rise`)
  bars.push(bar)
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.0+)?(Z|[+-]\d\d:\d\d)$/
const NUMBER = /^\d{1,15}(\.\d{1,15})?$/

/** The bar of a line, or what is wrong with it. */
function barOf(cells: readonly string[], columns: number): Bar | string {
  if (cells.length !== columns) return `${cells.length} columns instead of ${columns}`
  const [time, ...texts] = cells as [string, ...string[]]
  if (!INSTANT.test(time) || Number.isNaN(Date.parse(time))) return `no instant: ${JSON.stringify(time)}`
  const strange = texts.find((text, i) => !NUMBER.test(text) && !(text === '' && i >= FIRST_OPTIONAL))
  if (strange !== undefined) return `no number: ${JSON.stringify(strange)}`
  const [open, high, low, close, volume] = texts.map(Number) as [number, number, number, number, number]
  if (low <= 0 || low > Math.min(open, close) || high < Math.max(open, close))
    return 'no bar: low, open, close, high'
  const [vwap, tradeCount] = [optional(texts[5]), optional(texts[6])]
  return { time: parseInstant(time), open, high, low, close, volume, vwap, tradeCount }
}

const FIRST_OPTIONAL = 5

const optional = (text: string | undefined): number | null =>
  text === undefined || text === '' ? null : Number(text)

import { type BarSize, barSizeMs } from '../market/barSize.ts'
import type { Bar } from '../market/series.ts'
import { exchangeDate, sessionOn } from '../market/session.ts'
import { DAY_MS, type EpochMs, isoInstant, MINUTE_MS, parseInstant, plus, SECOND_MS } from '../market/time.ts'

/** The sizes that files may carry. */
export type ImportSize = Extract<BarSize, '1s' | '1m' | '1h' | '1d'>

/**
 * `unreadable` no line of such a file · `refused` a field that says nothing, or time that has not passed: either ends
 * the import · `rejected` left out, the others count.
 */
export interface LineFault {
  readonly kind: 'unreadable' | 'refused' | 'rejected'
  /** The column, or null where it is the whole line. */
  readonly column: string | null
  readonly message: string
}

const REQUIRED = ['time', 'open', 'high', 'low', 'close', 'volume'] as const
const OPTIONAL = ['vwap', 'tradeCount'] as const
const COLUMNS = [...REQUIRED, ...OPTIONAL]

/** How many columns a header announces, or null when it is none. */
export function columnCount(header: string): number | null {
  const known = [REQUIRED, [...REQUIRED, 'vwap'], COLUMNS].find((columns) => columns.join() === header)
  return known?.length ?? null
}

export const HEADER = `${REQUIRED.join()}[,vwap[,tradeCount]]`

/** The bar of a line, its values as they stand there, or what is wrong with the line. */
export function barOf(text: string, columns: number, size: ImportSize, now: EpochMs): Bar | LineFault {
  const cells = text.split(',')
  if (cells.length !== columns) return unreadable(`has ${cells.length} fields instead of ${columns}`)
  const strange = cells.findIndex((cell, k) => k > 0 && !isNumber(cell, k))
  if (strange > 0) return refused(COLUMNS[strange]!, `is no number: ${quoted(cells[strange]!)}`)
  const time = timeOf(cells[0]!, size, now)
  if (typeof time !== 'number') return time
  const [open, high, low, close, volume] = cells.slice(1).map(numberOf) as [
    number,
    number,
    number,
    number,
    number,
  ]
  const bar = {
    time,
    open,
    high,
    low,
    close,
    volume,
    vwap: optional(cells[6]),
    tradeCount: optional(cells[7]),
  }
  return faultOfCounts(bar) ?? faultOfPrices(bar) ?? bar
}

export const isFault = (read: Bar | LineFault): read is LineFault => 'kind' in read

const fault =
  (kind: LineFault['kind']) =>
  (column: string | null, message: string): LineFault => ({ kind, column, message })
const refused = fault('refused')
const rejected = fault('rejected')
const unreadable = (message: string) => fault('unreadable')(null, message)

const quoted = (text: string): string => JSON.stringify(text.slice(0, 40))

// Words for values that are none make a bad value, not a bad file: the quarantine keeps them.
const NUMBER = /^([+-]?(\d{1,15}(\.\d{1,15})?([eE][+-]?\d{1,2})?|inf|infinity)|nan)$/i

const isNumber = (cell: string, column: number): boolean =>
  NUMBER.test(cell) || (cell === '' && column >= REQUIRED.length)

function numberOf(cell: string): number {
  const value = Number(cell)
  if (!Number.isNaN(value)) return value
  if (/^nan$/i.test(cell)) return Number.NaN
  return cell.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

const optional = (cell = ''): number | null => (cell === '' ? null : numberOf(cell))

function faultOfCounts({ volume, tradeCount }: Bar): LineFault | null {
  if (Number.isFinite(volume) && !Number.isInteger(volume)) return refused('volume', 'is no whole number')
  const isPart = tradeCount !== null && Number.isFinite(tradeCount) && !Number.isInteger(tradeCount)
  return isPart ? refused('tradeCount', 'is no whole number') : null
}

/** Prices are kept as whole numbers of four bytes. */
const HIGHEST_PRICE = 214_748

function faultOfPrices(bar: Bar): LineFault | null {
  const tooHigh = (['open', 'high', 'low', 'close', 'vwap'] as const).find((name) => {
    const price = bar[name]
    return price !== null && Number.isFinite(price) && Math.abs(price) > HIGHEST_PRICE
  })
  return tooHigh ? refused(tooHigh, `is beyond ${HIGHEST_PRICE}, the highest price that is kept`) : null
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.0{1,9})?(Z|[+-]\d\d:\d\d)$/
const DATE = /^\d{4}-\d\d-\d\d$/

/** The exchange's calendar begins here. */
const FIRST = parseInstant('1998-01-01T05:00:00Z')

function timeOf(cell: string, size: ImportSize, now: EpochMs): EpochMs | LineFault {
  const isDate = size === '1d' && DATE.test(cell)
  const at = isDate || INSTANT.test(cell) ? Date.parse(isDate ? `${cell}T00:00:00Z` : cell) : Number.NaN
  if (Number.isNaN(at)) return refused('time', `is no instant: ${quoted(cell)}`)
  const bar = size === '1d' ? sessionOfDay(at as EpochMs) : barAt(at as EpochMs, size)
  if ('kind' in bar) return bar
  if (bar.from < FIRST) return refused('time', `is before ${isoInstant(FIRST)}, where the calendar begins`)
  if (bar.to <= now) return bar.from
  return refused('time', `reaches beyond now, which is ${isoInstant(now)} on the market's clock`)
}

/** Bars of an hour are kept as they were delivered: some begin at half past. */
function barAt(from: EpochMs, size: ImportSize) {
  const stepMs = size === '1s' ? SECOND_MS : MINUTE_MS
  if (from % stepMs === 0) return { from, to: plus(from, barSizeMs(size)) }
  return refused('time', `is no whole ${size === '1s' ? 'second' : 'minute'}`)
}

/** A bar of a day is its session's (strategy, T1). Midnight in UTC stands for the date that it is written with. */
function sessionOfDay(at: EpochMs) {
  const date = at % DAY_MS === 0 ? new Date(at).toISOString().slice(0, 10) : exchangeDate(at)
  return sessionOn(date, 'rth') ?? rejected('time', `the exchange was closed on ${date}`)
}

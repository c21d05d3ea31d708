import { type BarSizeSetting, type Contract, type ContractDetails, SecType } from '@stoqey/ib'
import { faultOf, type RejectedBar, sampleOfRow } from '../market/badValue.ts'
import type { BarSize } from '../market/barSize.ts'
import { dayNumberOf } from '../market/calendarDate.ts'
import { DEFAULT_PRICE_SCALE, type Instrument } from '../market/instrument.ts'
import type { Bar } from '../market/series.ts'
import type { Session } from '../market/session.ts'
import { type EpochMs, epochMs, HOUR_MS, isoInstant, MINUTE_MS, SECOND_MS } from '../market/time.ts'
import { newYorkInstant } from '../market/zone.ts'
import type { QualifiedInstrument } from '../ports/marketData.ts'

const UNITS: Readonly<Record<string, string>> = { s: 'secs', m: 'mins', h: 'hours', d: 'day' }

/** IB's exact strings: `1 secs`, but `1 min` and `1 hour`. */
export function ibBarSize(size: BarSize): BarSizeSetting {
  const count = Number.parseInt(size, 10)
  const unit = UNITS[size.at(-1)!]!
  const singular = count === 1 && !size.endsWith('s') ? unit.replace(/s$/, '') : unit
  return `${count} ${singular}` as BarSizeSetting
}

/** `yyyymmdd-hh:mm:ss`, which IB reads as UTC. Any other form is read in the zone of the login. */
export function ibEndTime(at: EpochMs): string {
  const iso = new Date(at).toISOString()
  return `${iso.slice(0, 10).replaceAll('-', '')}-${iso.slice(11, 19)}`
}

/** IB's contract for a US stock: routed by SMART, told apart from its namesakes by the primary exchange. */
export function ibContract(instrument: Pick<Instrument, 'symbol'> & Partial<Instrument>): Contract {
  return {
    symbol: instrument.symbol,
    secType: SecType.STK,
    exchange: instrument.exchange ?? 'SMART',
    currency: instrument.currency ?? 'USD',
    ...(instrument.conId ? { conId: instrument.conId } : {}),
    ...(instrument.primaryExchange ? { primaryExch: instrument.primaryExchange } : {}),
  }
}

export function qualifiedInstrument(details: ContractDetails): QualifiedInstrument {
  const { contract } = details
  return {
    symbol: contract.symbol ?? '',
    conId: contract.conId ?? 0,
    exchange: contract.exchange ?? 'SMART',
    primaryExchange: contract.primaryExch ?? '',
    currency: contract.currency ?? 'USD',
    minTick: details.minTick ?? 0.01,
    priceScale: DEFAULT_PRICE_SCALE,
  }
}

/** One bar as the library hands it over, in the order of its event. */
export type WireBar = readonly [
  time: string,
  open: number,
  high: number,
  low: number,
  close: number,
  volume: number | undefined,
  count: number | undefined,
  wap: number | undefined,
]

/** A bar of formatDate 2, whose time is epoch seconds. Values that cannot be a bar's must never reach a candle. */
export function barOf(wire: WireBar, size: BarSize): Bar | RejectedBar {
  const [time, open, high, low, close, volume, count, wap] = wire
  if (!/^\d{9,10}$/.test(time)) return rejectedBar(wire, null, 'the time is unreadable')
  const bar: Bar = {
    time: epochMs(Number(time) * SECOND_MS),
    open,
    high,
    low,
    close,
    volume: Math.round(available(volume) ?? Number.NaN),
    vwap: available(wap),
    tradeCount: available(count),
  }
  const reason = faultOf(bar, size)
  return reason === null ? bar : rejectedBar(wire, bar.time, reason)
}

export const isRejected = (row: Bar | RejectedBar): row is RejectedBar => 'reason' in row

function rejectedBar(wire: WireBar, time: EpochMs | null, reason: string): RejectedBar {
  const [text, open, high, low, close, volume, tradeCount, vwap] = wire
  const named = {
    time: time === null ? text : isoInstant(time),
    open,
    high,
    low,
    close,
    volume,
    vwap,
    tradeCount,
  }
  return { time, reason, sample: sampleOfRow(named) }
}

/** IB says "not available" with -1, an empty field, or the largest number of the field's type. */
function available(value: number | undefined): number | null {
  if (value === undefined || !Number.isFinite(value) || value < 0) return null
  return value > 1e30 || value === 2_147_483_647 ? null : value
}

/** The date of a daily bar, `yyyymmdd`, as `yyyy-mm-dd`. */
export const dateOf = (text: string): string => `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`

export interface WireSession {
  readonly startDateTime: string
  readonly endDateTime: string
  readonly refDate: string
}

/** A session of IB's SCHEDULE, whose instants are the exchange's wall time: `yyyymmdd-hh:mm:ss`. */
export function sessionOf(wire: WireSession): Session {
  return {
    date: dateOf(wire.refDate),
    from: wallTime(wire.startDateTime),
    to: wallTime(wire.endDateTime),
  }
}

function wallTime(text: string): EpochMs {
  const [hours, minutes, seconds] = text.slice(9).split(':').map(Number)
  const timeOfDayMs = hours! * HOUR_MS + minutes! * MINUTE_MS + seconds! * SECOND_MS
  return newYorkInstant(dayNumberOf(dateOf(text)), timeOfDayMs)
}

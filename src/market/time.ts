declare const epochBrand: unique symbol

/** An instant: milliseconds since 1970-01-01T00:00:00Z, a whole number. */
export type EpochMs = number & { readonly [epochBrand]: true }

/** A half-open span of time: `from` <= t < `to`. */
export interface TimeRange {
  readonly from: EpochMs
  readonly to: EpochMs
}

/** Draws a number in [0, 1). */
export type Random = () => number

/**
 * Time as something that is handed in. Sessions, pacing and candle closes wait on the market's clock, deadlines and
 * heartbeats on the machine's (architecture, decision 3).
 */
export interface Clock {
  now(): EpochMs
  /** Resolves once `now() >= at`; rejects with the signal's reason when it is aborted first. */
  sleepUntil(at: EpochMs, signal?: AbortSignal): Promise<void>
  /** Resolves `delayMs` later on this clock; rejects with the signal's reason when it is aborted first. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>
  /** Calls back once, `delayMs` later on this clock. Returns a function that takes the call back. */
  after(delayMs: number, callback: () => void): () => void
}

export const SECOND_MS = 1_000
export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000

/** Brands a number as an instant. Throws a RangeError on anything but a whole number that a Date can hold. */
export function epochMs(value: number): EpochMs {
  if (!Number.isInteger(value) || Math.abs(value) > 8.64e15) throw new RangeError(`no instant: ${value}`)
  return value as EpochMs
}

export const plus = (at: EpochMs, ms: number): EpochMs => epochMs(at + ms)

/** The last multiple of `stepMs` (counted from the epoch) at or before `at`. */
export const floorTo = (at: EpochMs, stepMs: number): EpochMs => epochMs(Math.floor(at / stepMs) * stepMs)

/** ISO 8601 in UTC, without a fraction when the second is whole: `2013-10-07T13:30:00Z`. */
export function isoInstant(at: EpochMs): string {
  if (at % SECOND_MS !== 0) return new Date(at).toISOString()
  const day = Math.floor(at / DAY_MS)
  if (day !== known.day) known = { day, date: new Date(day * DAY_MS).toISOString().slice(0, -14) }
  const second = (at - day * DAY_MS) / SECOND_MS
  const [hours, minutes] = [Math.floor(second / 3_600), Math.floor(second / 60) % 60]
  return `${known.date}T${TWO_DIGITS[hours]}:${TWO_DIGITS[minutes]}:${TWO_DIGITS[second % 60]}Z`
}

/** The day told last: rows of a page share it, and a Date for each of them takes as long as all else. */
let known = { day: Number.NaN, date: '' }

const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'))

/** Reads an ISO 8601 instant with any offset. Throws a RangeError when `text` is none. */
export function parseInstant(text: string): EpochMs {
  return epochMs(Date.parse(text))
}

export const earlier = (a: EpochMs, b: EpochMs): EpochMs => (a < b ? a : b)
export const later = (a: EpochMs, b: EpochMs): EpochMs => (a > b ? a : b)

import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './time.ts'

/** Every bar size that the product knows, smallest first. */
export const BAR_SIZES = [
  '1s',
  '5s',
  '10s',
  '15s',
  '30s',
  '1m',
  '2m',
  '3m',
  '5m',
  '10m',
  '15m',
  '20m',
  '30m',
  '1h',
  '2h',
  '4h',
  '1d',
] as const

export type BarSize = (typeof BAR_SIZES)[number]

const UNIT_MS = { s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS } as const

/** The length of a bar in milliseconds. `1d` is nominal: a session, whatever its hours. */
export function barSizeMs(size: BarSize): number {
  return Number.parseInt(size, 10) * UNIT_MS[size.at(-1) as keyof typeof UNIT_MS]
}

export const isBarSize = (text: string): text is BarSize => (BAR_SIZES as readonly string[]).includes(text)

/** Bars that IB counts against 60 requests in 10 minutes. */
export const isSmallBar = (size: BarSize): boolean => barSizeMs(size) <= 30 * SECOND_MS

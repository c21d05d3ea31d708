import { InvalidArgumentError } from 'commander'
import { z } from 'zod'
import { type EpochMs, parseInstant } from '../market/time.ts'
import { meant } from '../nearest.ts'
import { accountId, stockSymbol } from './accounts/file.ts'
import type { Calendar } from './calendar.ts'
import { isMarketTime, NO_MARKET_TIME } from './marketTime.ts'
import type { Split } from './splits.ts'
import { DEFAULT_SWITCHES, type Switches } from './switches.ts'
import { switchesSchema } from './switchesSchema.ts'

// What the texts of the command line mean. Each throws an InvalidArgumentError on a text that means nothing.

export const number = (name: string, isGood: (value: number) => boolean) => (text: string) => {
  const value = Number(text)
  if (text.trim() === '' || !isGood(value)) throw new InvalidArgumentError(`${text} is no ${name}.`)
  return value
}

export const instant = (text: string): EpochMs => {
  const at = parsedInstant(text)
  if (at === null) throw new InvalidArgumentError('It is an instant like 2013-10-09T14:00:00Z.')
  if (!isMarketTime(at)) throw new InvalidArgumentError(`${text} ${NO_MARKET_TIME}.`)
  return at
}

const parsedInstant = (text: string): EpochMs | null => {
  try {
    return parseInstant(text)
  } catch {
    return null
  }
}

export const list = (text: string): string[] => text.split(',').filter((part) => part !== '')

export const splits = (text: string): Split[] => list(text).map(split)

const split = (text: string): Split => {
  const [symbol = '', date = '', ratio = ''] = text.split(':')
  const isGood = stockSymbol.safeParse(symbol).success && z.iso.date().safeParse(date).success
  if (!isGood || !(Number(ratio) > 0 && Number.isFinite(Number(ratio))))
    throw new InvalidArgumentError(`${text} is no split like AAPL:2024-06-10:4.`)
  return { symbol, date, ratio: Number(ratio) }
}

export const accountIds = (text: string): string[] => {
  const ids = list(text)
  if (ids.length === 0 || !ids.every((id) => accountId.safeParse(id).success))
    throw new InvalidArgumentError('It is a list of ids like DU1234567 or U1234567.')
  return ids
}

export const calendar = (text: string): Calendar => {
  const parts = list(text)
  if (!parts.every((part) => part === 'nightly' || part === 'weekly'))
    throw new InvalidArgumentError('It is nightly, weekly or both.')
  return { nightlyRestart: parts.includes('nightly'), weeklyLogout: parts.includes('weekly') }
}

/** `pacing=delay,readOnly=true`. */
export const switches = (text: string): Partial<Switches> => {
  const given = Object.fromEntries(list(text).map((part) => [nameOf(part), meaningOf(part)]))
  for (const name of Object.keys(given))
    if (!(name in DEFAULT_SWITCHES))
      throw new InvalidArgumentError(`${name} is no switch${meant(name, Object.keys(DEFAULT_SWITCHES))}.`)
  const parsed = switchesSchema.safeParse(given)
  if (parsed.success) return parsed.data as Partial<Switches>
  const reasons = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim())
  throw new InvalidArgumentError(`${reasons.join(', ')}.`)
}

const nameOf = (part: string): string => part.split('=')[0]!

/** Words stay words; numbers, true, false and null become what they are. */
const meaningOf = (part: string): unknown => {
  const text = part.slice(nameOf(part).length + 1)
  return /^(true|false|null|-?(0|[1-9]\d*)(\.\d+)?)$/.test(text) ? JSON.parse(text) : text
}

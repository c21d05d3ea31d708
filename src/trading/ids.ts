import { hash } from 'node:crypto'
import type { Bar } from '../market/series.ts'
import type { EpochMs, Random } from '../market/time.ts'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const TIME_DIGITS = 10
const RANDOM_DIGITS = 16

/** A ULID: 26 characters that sort by time. */
export function ulid(at: EpochMs, random: Random): string {
  let [text, rest] = ['', at as number]
  for (let i = 0; i < TIME_DIGITS; i++) {
    text = ALPHABET[rest % ALPHABET.length]! + text
    rest = Math.floor(rest / ALPHABET.length)
  }
  for (let i = 0; i < RANDOM_DIGITS; i++) text += ALPHABET[Math.floor(random() * ALPHABET.length)]
  return text
}

const TAG = 'pivot-'

/** What the broker tells with everything about an order: of at most 32 characters. */
export const orderRefOf = (id: string): string => TAG + id

/** Whether a reference is one that this program gives. */
export const isOurRef = (orderRef: string): boolean =>
  orderRef.startsWith(TAG) && orderRef.length === TAG.length + TIME_DIGITS + RANDOM_DIGITS

/** SHA-256 of a candle as it was decided on: a later revision of it has another. */
export const barHash = ({ time, open, high, low, close, volume }: Bar): string =>
  hash('sha256', JSON.stringify([time, open, high, low, close, volume]))

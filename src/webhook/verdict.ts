import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS, plus, type Random, SECOND_MS } from '../market/time.ts'
import type { Verdict } from '../ports/webhooks.ts'

/** How a receiver has answered. */
export interface Answer {
  /** Null when there was no answer. */
  readonly response: number | null
  /** Why not, or why it counts for nothing. */
  readonly error: string | null
  /** What `Retry-After` asks for. */
  readonly retryAfterMs: number | null
}

/** The waits after each try, as the specification of Standard Webhooks has them: ten tries in 75.6 hours. */
const WAITS_MS: readonly number[] = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
]

/** Of each wait, both ways: receivers that were down together are not tried together. */
const JITTER = 0.2
const LONGEST_RETRY_AFTER_MS = DAY_MS

const GONE = 410
/** Statuses of a receiver that asks for time. */
const OVERLOADED = [429, 502, 503, 504]

export const isDelivered = ({ response }: Answer): boolean =>
  response !== null && response >= 200 && response < 300

/** What follows from the answer to a try, `tries` of the schedule having gone before it. */
export function verdictOf(
  answer: Answer,
  tries: number,
  now: EpochMs,
  random: Random,
  waits: readonly number[] = WAITS_MS,
): Verdict {
  if (isDelivered(answer)) return { kind: 'delivered' }
  if (answer.response === GONE) return { kind: 'gone', reason: 'it answered 410 Gone' }
  const wait = waits[tries]
  if (wait === undefined) return { kind: 'exhausted', reason: usedUp(answer, tries + 1) }
  const jittered = Math.round(wait * (1 + JITTER * (2 * random() - 1)))
  return { kind: 'retry', at: plus(now, Math.max(jittered, askedFor(answer))) }
}

const askedFor = ({ response, retryAfterMs }: Answer): number =>
  response !== null && OVERLOADED.includes(response) ? Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS) : 0

const usedUp = ({ response, error }: Answer, tries: number): string =>
  `${tries} tries have failed, the last with ${response === null ? error : `the answer ${response}`}`

/** `Retry-After` in milliseconds: seconds, or a date of RFC 9110. Null when it cannot be read or has passed. */
export function retryAfterMs(text: string | undefined, now: EpochMs): number | null {
  if (text === undefined) return null
  if (/^\d{1,10}$/.test(text)) return Number(text) * SECOND_MS
  const wait = Date.parse(text) - now
  return /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text) && wait > 0
    ? wait
    : null
}

import type { BrokerSnapshot } from '../ports/broker.ts'
import type { Intent } from '../ports/intents.ts'

/** Since when the broker's books have not shown an order, all in one session. Machine milliseconds. */
export interface Absence {
  readonly session: number
  readonly since: number
  /** Of the newest snapshot without it, and the id that TWS would give next. */
  readonly lastSeen: number
  readonly nextOrderId: number
}

/** An order may become visible so late (reliability, 5.6: lags up to 45 s are safe). */
export const ABSENCE_MS = 60_000
/** What is on its way is not looked for. */
const IN_FLIGHT_MS = 2_000

/** What the newest snapshot makes of the absences that are known. `sentAt`: machine time of the last sending. */
export function absences(
  known: ReadonlyMap<string, Absence>,
  absent: readonly Intent[],
  { session, nextOrderId }: Pick<BrokerSnapshot, 'session' | 'nextOrderId'>,
  sentAt: ReadonlyMap<string, number>,
  askedAt: number,
): Map<string, Absence> {
  const now = absent.flatMap((intent): [string, Absence][] => {
    const isInFlight = (sentAt.get(intent.id) ?? Number.NEGATIVE_INFINITY) > askedAt - IN_FLIGHT_MS
    if (isInFlight) return []
    const before = known.get(intent.id)
    const since = before?.session === session ? before.since : askedAt
    return [[intent.id, { session, since, lastSeen: askedAt, nextOrderId }]]
  })
  return new Map(now)
}

/** `resend` the same order, under the same id · `expire` it was never accepted · `gone` it had been, and is no more. */
export type Verdict = 'resend' | 'expire' | 'gone' | 'wait'

interface Circumstances {
  readonly absence: Absence
  /** How long it must have lasted. */
  readonly absenceMs: number
  /** Whether it should still be sent: an entry that is young and at a price that holds; what sells or protects shares. */
  readonly isWanted: boolean
  /** The position at the broker is what we know. */
  readonly isEqual: boolean
  /** The session in which it was sent has closed, or a person has said that it is settled. */
  readonly isSettled: boolean
}

/** An entry is sent again at most so often. */
const MOST_SENDS = 3

/** What follows from the absence of an order whose fate is unknown (reliability, 5.4). */
export function verdictOn(
  { purpose, permId, sends, orderId }: Intent,
  { absence, absenceMs, isWanted, isEqual, isSettled }: Circumstances,
): Verdict {
  const isLong = absence.lastSeen - absence.since >= absenceMs
  if (permId !== null) return isLong && isEqual ? 'gone' : 'wait'
  if (isWanted) return purpose === 'entry' && sends >= MOST_SENDS ? 'wait' : 'resend'
  if (!isLong) return 'wait'
  if (absence.nextOrderId <= orderId!) return 'expire'
  return isEqual && isSettled ? 'expire' : 'wait'
}

import { isRetryable, messageOf } from '../errors.ts'
import { cutChunks } from '../market/chunk.ts'
import { type Gap, gapsOf } from '../market/coverage.ts'
import type { Instrument } from '../market/instrument.ts'
import type { Session } from '../market/session.ts'
import { isoInstant, MINUTE_MS, SECOND_MS, type TimeRange } from '../market/time.ts'
import { askAndStore } from './ask.ts'
import type { CollectDeps } from './collect.ts'

/** A half hour waits this long for its place in the budget, then stays as it is. */
const MAX_WAIT_MS = 15 * MINUTE_MS

/** What a closed session lacks after its last look; `revised` counts bars that were added or changed by it. */
export interface Completed {
  readonly gaps: readonly Gap[]
  readonly revised: number
}

/**
 * Reads a closed session once more, a half hour at a time: IB revises bars until the day is over, and what was missing
 * is asked for again. A half hour that cannot be had is a gap, or stays as it was; only the signal rejects.
 */
export async function completeSession(
  deps: CollectDeps,
  instrument: Instrument,
  session: Session,
  signal: AbortSignal,
): Promise<Completed> {
  let revised = 0
  for (const part of cutChunks(session, [], deps.session)) {
    revised += await readAgain(deps, instrument, part, signal)
  }
  const known = await deps.stores.coverage.between(instrument, '1s', session)
  return { revised, gaps: gapsOf(session, known).filter((gap) => gap.state !== 'empty') }
}

async function readAgain(
  deps: CollectDeps,
  instrument: Instrument,
  part: TimeRange,
  signal: AbortSignal,
): Promise<number> {
  const { from, to } = part
  const request = { from, to, instrument, size: '1s', session: deps.session } as const
  try {
    const asked = await askAndStore(deps, request, { lane: 'repair', maxWaitMs: MAX_WAIT_MS }, signal)
    return typeof asked === 'string' ? 0 : asked.inserted + asked.updated
  } catch (error) {
    signal.throwIfAborted()
    const fields = { symbol: instrument.symbol, from: isoInstant(from), error: messageOf(error) }
    deps.log.warn(fields, 'a half hour could not be read again')
    if (!isRetryable(error)) throw error
    return 0
  }
}

/**
 * What is missing, in a sentence:
 * `SPY 2024-06-03: 90 s are missing, from 2024-06-03T14:00:00Z on; 1 s had impossible values, from … on`.
 */
export function missingText({ symbol }: Instrument, { date }: Session, gaps: readonly Gap[]): string {
  const missing = gaps.filter((gap) => !isBad(gap))
  const told = [
    ...lengthText(missing, 'are missing'),
    ...lengthText(gaps.filter(isBad), 'had impossible values'),
  ]
  return `${symbol} ${date}: ${told.join('; ')}`
}

/** Answered, but with rows that cannot be bars: asking again will hardly help. */
export const isBad = ({ state }: Gap): boolean => state === 'partial'

function lengthText(gaps: readonly Gap[], what: string): string[] {
  if (gaps.length === 0) return []
  const seconds = gaps.reduce((sum, { from, to }) => sum + to - from, 0) / SECOND_MS
  return [`${seconds} s ${what}, from ${isoInstant(gaps[0]!.from)} on`]
}

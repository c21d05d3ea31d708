import { type EpochMs, isoInstant } from '../market/time.ts'
import type { Backfill } from '../ports/backfills.ts'
import type { NewEvent } from '../ports/events.ts'

/** What is told of a backfill that has come to its end; nothing of one that goes on. */
export function finished(backfill: Backfill | null, time: EpochMs): NewEvent[] {
  if (backfill === null) return []
  const { id, state, instrument, from, to, chunks } = backfill
  if (state === 'queued' || state === 'running') return []
  const data = { id, symbol: instrument.symbol, from: isoInstant(from), to: isoInstant(to), state, chunks }
  return [{ type: 'backfill.finished', time, data }]
}

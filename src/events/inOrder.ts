import { isRetryable, messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import { type Clock, SECOND_MS } from '../market/time.ts'
import type { EventStore, NewEvent } from '../ports/events.ts'

export interface InOrderDeps {
  readonly events: Pick<EventStore, 'append'>
  readonly machine: Clock
  readonly log: Log
}

/** Of what flaps while the database is away the newest changes are told. */
const MOST_WAITING = 100
const RETRY_MS = SECOND_MS

/**
 * Writes to the outbox, in order, what changes in this process whether or not the database is there: what cannot be
 * written waits until it can. Ends with the signal.
 */
export function tellInOrder(deps: InOrderDeps, signal: AbortSignal): (event: NewEvent) => void {
  const waiting: NewEvent[] = []
  let isWriting = false
  const writeAll = async (): Promise<void> => {
    isWriting = true
    for (let next = waiting[0]; next !== undefined && !signal.aborted; next = waiting[0]) {
      if (await isSettled(deps, next)) waiting.shift()
      else await deps.machine.sleep(RETRY_MS, signal).catch(() => {})
    }
    isWriting = false
  }
  return (event) => {
    waiting.push(event)
    if (waiting.length > MOST_WAITING) waiting.splice(1, 1) // the first is being written
    if (!isWriting) void writeAll()
  }
}

/** Whether it was written, or never can be: another process leads now and tells of its own. */
async function isSettled({ events, log }: InOrderDeps, event: NewEvent): Promise<boolean> {
  try {
    await events.append([event])
    return true
  } catch (error) {
    if (isRetryable(error)) return false
    log.warn({ type: event.type, error: messageOf(error) }, 'an event is not told')
    return true
  }
}

import { isRetryable, messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import { type Clock, SECOND_MS } from '../market/time.ts'
import type { EventStore, NewEvent } from '../ports/events.ts'
import type { StateChange } from './standing.ts'

export interface StateEventsDeps {
  readonly events: Pick<EventStore, 'append'>
  readonly machine: Clock
  readonly log: Log
}

/** Of a gateway that flaps while the database is away the newest changes are told. */
const MOST_WAITING = 100
const RETRY_MS = SECOND_MS

/**
 * Writes the gateway's changes to the outbox, in order. A connection changes whether or not the database is there:
 * what cannot be written waits until it can. Ends with the signal.
 */
export function stateEvents(deps: StateEventsDeps, signal: AbortSignal): (change: StateChange) => void {
  const waiting: NewEvent[] = []
  let before: string | null = null
  let isWriting = false
  const writeAll = async (): Promise<void> => {
    isWriting = true
    for (let next = waiting[0]; next !== undefined && !signal.aborted; next = waiting[0]) {
      if (await isSettled(deps, next)) waiting.shift()
      else await deps.machine.sleep(RETRY_MS, signal).catch(() => {})
    }
    isWriting = false
  }
  return ({ state, reason, at }) => {
    waiting.push({ type: 'gateway.state', time: at, data: { state, before, reason } })
    before = state
    if (waiting.length > MOST_WAITING) waiting.splice(1, 1) // the first is being written
    if (!isWriting) void writeAll()
  }
}

/** Whether it was written, or never can be: another process leads now and tells of its own connection. */
async function isSettled({ events, log }: StateEventsDeps, event: NewEvent): Promise<boolean> {
  try {
    await events.append([event])
    return true
  } catch (error) {
    if (isRetryable(error)) return false
    log.warn({ error: messageOf(error) }, 'a change of the gateway is not told')
    return true
  }
}

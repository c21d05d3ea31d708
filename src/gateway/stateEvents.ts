import type { NewEvent } from '../ports/events.ts'
import type { StateChange } from './standing.ts'

/** Tells each change of the gateway with the state before it. */
export function stateEvents(tell: (event: NewEvent) => void): (change: StateChange) => void {
  let before: string | null = null
  return ({ state, reason, at }) => {
    tell({ type: 'gateway.state', time: at, data: { state, before, reason } })
    before = state
  }
}

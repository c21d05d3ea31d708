import type { NewEvent } from '../../src/ports/events.ts'
import { secondAt } from './bars.ts'

/** A change of the gateway as an event: `at` is its second. */
export const gatewayEvent = (at: number, state = 'ready'): NewEvent => ({
  type: 'gateway.state',
  time: secondAt(at),
  data: { state, before: null, reason: 'a "quoted", ünicode reason' },
})

import { CONNECTION_FAULTS } from './connections.ts'
import type { FaultEntry } from './entry.ts'
import { FRAME_FAULTS } from './frames.ts'
import { HISTORY_FAULTS } from './history.ts'
import { NOTICE_FAULTS } from './notices.ts'
import { ORDER_FATES } from './orderFates.ts'
import { ORDER_LOSSES } from './orderLosses.ts'
import { ORDER_TELLINGS } from './orderTellings.ts'
import { PERSON_FAULTS } from './persons.ts'
import { STATE_FAULTS } from './states.ts'
import { STREAM_FAULTS } from './streams.ts'

/** Every kind of fault, by the name that a scenario calls it. */
export const FAULTS: Readonly<Record<string, FaultEntry>> = {
  ...CONNECTION_FAULTS,
  ...FRAME_FAULTS,
  ...HISTORY_FAULTS,
  ...STREAM_FAULTS,
  ...NOTICE_FAULTS,
  ...STATE_FAULTS,
  ...ORDER_FATES,
  ...ORDER_LOSSES,
  ...ORDER_TELLINGS,
  ...PERSON_FAULTS,
}

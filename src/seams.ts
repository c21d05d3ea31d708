import type { Dial } from './gateway/duplex.ts'
import type { Broker } from './ports/broker.ts'
import type { Stores } from './ports/stores.ts'

/** Where something can be put between the trader and what lies outside of its process. Nothing is by default. */
export interface Seams {
  /** Opens the line to TWS. */
  readonly dial?: Dial
  /** Around what the trader keeps. */
  readonly stores?: (stores: Stores) => Stores
  readonly broker?: (broker: Broker) => Broker
}

import type { Client } from '../client.ts'
import type { Tws } from '../tws.ts'

/**
 * Whether a client sees what another one has ordered: its own things always, the master everything. What a person does
 * at the TWS itself has the client id 0.
 */
export const visibleTo = (client: Client, orderedBy: number, { switches }: Tws): boolean =>
  client.id === orderedBy || (client.id !== null && client.id === switches.masterClientId)

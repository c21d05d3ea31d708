import type { Client } from './client.ts'
import type { StreamKind } from './subscriptions.ts'

/** What TWS says of live data while the user is logged in elsewhere. */
export const COMPETING = { code: 10197, text: 'No market data during competing live session' }

const LIVE: readonly StreamKind[] = ['marketData', 'realTimeBars', 'tickByTick']

/** Ends a client's live streams: another session of the user has the data now. */
export function loseData(client: Client): void {
  for (const kind of LIVE)
    for (const id of client.subscriptions.ids(kind)) {
      client.subscriptions.stop(kind, id)
      client.refuse(id, COMPETING)
    }
}

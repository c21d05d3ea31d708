import type { Client } from '../client.ts'
import { connectNotices } from '../farms.ts'
import type { Handler } from '../handler.ts'
import { managedAccounts } from '../messages/account.ts'
import { nextValidId } from '../messages/orders.ts'
import { NO_ID } from '../messages/session.ts'
import type { Tws } from '../tws.ts'

/** Lets a client in, unless another connection has its id. */
export const startApi: Handler = (fields, { client, tws }) => {
  const clientId = fields.skip(1).integer()
  if (client.id !== null) return
  if (tws.clients.has(clientId)) return refuseClientId(client, tws)
  if (tws.clients.size >= MAX_CLIENTS) return client.end(`${MAX_CLIENTS} clients are connected`)
  client.start(clientId)
  for (const message of [
    managedAccounts(tws.books.ids),
    nextValidId(tws.orderIds.next(clientId)),
    ...connectNotices(client, tws.outages),
  ])
    client.send(message)
}

/** Somebody else has the client id. */
export function refuseClientId(client: Client, { switches }: Tws): void {
  client.refuse(NO_ID, CLIENT_ID_IN_USE)
  if (switches.idInUseCloses) client.end('client id in use')
}

/** IB: API Setup. What TWS says to one more is not known: it gets no word here. */
const MAX_CLIENTS = 32

const CLIENT_ID_IN_USE = {
  code: 326,
  text: 'Unable to connect as the client id is already in use. Retry with a unique client id.',
}

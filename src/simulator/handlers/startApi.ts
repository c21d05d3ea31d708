import type { Client } from '../client.ts'
import { connectNotices } from '../farms.ts'
import type { Message } from '../fields.ts'
import type { Handler } from '../handler.ts'
import { managedAccounts } from '../messages/account.ts'
import { openOrderAndStatus } from '../messages/openOrder.ts'
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
  for (const message of greeting(client, clientId, tws)) client.send(message)
}

function greeting(client: Client, clientId: number, tws: Tws): Message[] {
  const when = tws.isCutOff(client) ? 'never' : tws.switches.openOrdersAtConnect
  const open = when === 'never' ? [] : openOrdersOf(client, clientId, tws)
  return [
    managedAccounts(tws.books.ids),
    ...(when === 'before' ? open : []),
    nextValidId(tws.orderIds.next(clientId)),
    ...(when === 'after' ? open : []),
    ...connectNotices(client, tws.outages),
  ]
}

/** TWS: "Download open orders on connection". */
function openOrdersOf({ version }: Client, clientId: number, { floor }: Tws): Message[] {
  const own = floor.orders.open.filter((order) => order.clientId === clientId)
  return own.flatMap((order) => openOrderAndStatus(version, order))
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

import type { Message } from '../fields.ts'
import type { Handler } from '../handler.ts'
import { error, managedAccounts, NO_ID, nextValidId } from '../messages.ts'

/** Lets a client in, unless another connection has its id. */
export const startApi: Handler = (fields, { client, tws }) => {
  const clientId = fields.skip(1).integer()
  if (client.id !== null) return
  if (tws.clients.has(clientId)) {
    client.refuse(NO_ID, CLIENT_ID_IN_USE)
    return client.end('client id in use')
  }
  client.start(clientId)
  for (const message of [managedAccounts([tws.account.id]), nextValidId(1), ...FARM_NOTICES])
    client.send(message)
}

const CLIENT_ID_IN_USE = {
  code: 326,
  text: 'Unable to connect as the client id is already in use. Retry with a unique client id.',
}

const FARM_NOTICES: readonly Message[] = [
  error(NO_ID, 2104, 'Market data farm connection is OK:usfarm'),
  error(NO_ID, 2106, 'HMDS data farm connection is OK:ushmds'),
  error(NO_ID, 2158, 'Sec-def data farm connection is OK:secdefil'),
]

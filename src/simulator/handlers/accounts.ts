import { accountValues } from '../account.ts'
import type { Handler } from '../handler.ts'
import * as messages from '../messages.ts'
import { minuteOfDay } from '../wireTime.ts'

export const managedAccounts: Handler = (_fields, { client, tws }) =>
  client.send(messages.managedAccounts([tws.account.id]))

/** `6 2 subscribe account`: the books as they are; without trades nothing changes after them. */
export const accountUpdates: Handler = (fields, { client, tws }) => {
  if (!fields.skip(1).flag()) return
  const { account } = tws
  for (const value of accountValues(account)) client.send(messages.accountValue(value, account.id))
  client.send(messages.accountUpdateTime(minuteOfDay(tws.now())))
  client.send(messages.accountDownloadEnd(account.id))
}

/** `76 ver reqId account model ledgerAndNLV`. */
export const accountUpdatesMulti: Handler = (fields, { client, tws }) => {
  const requestId = fields.skip(1).integer()
  const model = fields.skip(1).text()
  for (const value of accountValues(tws.account))
    client.send(messages.accountUpdateMulti(requestId, tws.account.id, model, value))
  client.send(messages.accountUpdateMultiEnd(requestId))
}

/** `62 1 reqId group tags`: the tags asked for that the account has. */
export const accountSummary: Handler = (fields, { client, tws }) => {
  const requestId = fields.skip(1).integer()
  const tags = new Set(fields.skip(1).text().split(','))
  for (const value of accountValues(tws.account).filter(({ key }) => tags.has(key)))
    client.send(messages.accountSummary(requestId, tws.account.id, value))
  client.send(messages.accountSummaryEnd(requestId))
}

import type { EpochMs } from '../../market/time.ts'
import type { Book } from '../accounts/book.ts'
import { followBooks } from '../accounts/follow.ts'
import { holdings } from '../accounts/portfolio.ts'
import type { Prices } from '../accounts/prices.ts'
import { type Line, Told } from '../accounts/told.ts'
import { accountValues } from '../accounts/values.ts'
import type { Handler } from '../handler.ts'
import * as messages from '../messages/account.ts'
import { NO_ID } from '../messages/session.ts'
import { minuteOfDay } from '../wireTime.ts'

export const managedAccounts: Handler = (_fields, { client, tws }) =>
  client.send(messages.managedAccounts(tws.books.ids))

/** Account updates have no request id, and a client has them of one account at a time. */
const ONLY = 0

/** `6 2 subscribe account`: values and portfolio, and from then on what changes of them. */
export const accountUpdates: Handler = (fields, { client, tws }) => {
  const [isWanted, name] = [fields.skip(1).flag(), fields.text()]
  const hadOthers = client.subscriptions.stop('accountUpdates', ONLY)
  if (!isWanted) return
  const book = tws.books.named(name)
  if (!book) return client.refuse(NO_ID, unknownAccount(name))
  if (hadOthers) client.refuse(NO_ID, REPLACED)
  const told = new Told()
  const tell = (prices: Prices) => {
    for (const message of told.news(updatesOf(book, prices, tws.now()))) client.send(message)
  }
  const end = messages.accountDownloadEnd(book.id)
  return followBooks({ client, tws }, { kind: 'accountUpdates', id: ONLY, books: [book], tell, end })
}

const REPLACED = { code: 2100, text: 'API client has been unsubscribed from account data.' }

export const unknownAccount = (name: string) => ({
  code: 321,
  text: `Error validating request.-'bU' : cause - Invalid account code '${name}'.`,
})

const updatesOf = (book: Book, prices: Prices, now: EpochMs): Line[] => {
  const held = holdings(book, prices, now)
  return [
    ...accountValues(book.cash, held).map((value) => ({
      name: value.key,
      message: messages.accountValue(book.id, value),
    })),
    ...held.map((holding) => ({
      name: `position ${holding.symbol}`,
      message: messages.portfolioValue(book.id, holding),
    })),
    { name: 'time', message: messages.accountUpdateTime(minuteOfDay(now)) },
  ]
}

/** `76 ver reqId account model ledgerAndNLV`: the values, and from then on what changes of them. */
export const accountUpdatesMulti: Handler = (fields, { client, tws }) => {
  const requestId = fields.skip(1).integer()
  const [name, model] = [fields.text(), fields.text()]
  const book = tws.books.named(name)
  if (!book) return client.refuse(requestId, unknownAccount(name))
  const told = new Told()
  const tell = (prices: Prices) => {
    const values = accountValues(book.cash, holdings(book, prices, tws.now()))
    const lines = values.map((value) => ({
      name: value.key,
      message: messages.accountUpdateMulti(requestId, model, book.id, value),
    }))
    for (const message of told.news(lines)) client.send(message)
  }
  const end = messages.accountUpdateMultiEnd(requestId)
  return followBooks(
    { client, tws },
    { kind: 'accountUpdatesMulti', id: requestId, books: [book], tell, end },
  )
}

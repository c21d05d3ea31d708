import type { Book } from '../accounts/book.ts'
import type { Handler } from '../handler.ts'
import * as messages from '../messages/account.ts'
import { unknownAccount } from './accounts.ts'

/** A client has the positions of all accounts once, without a request id. */
const ONLY = 0

/** `61 1`: what every account holds, and from then on each change; what is sold comes once more, as 0. */
export const positions: Handler = (_fields, { client, tws }) => {
  for (const book of tws.books.all)
    for (const held of book.positions) client.send(messages.position(book.id, held))
  client.send(messages.positionEnd())
  const end = tws.books.onChange(({ id }, { position }) => {
    if (!tws.isCutOff(client)) client.send(messages.position(id, position))
  })
  client.subscriptions.add('positions', ONLY, end)
}

/** `64 1`. */
export const cancelPositions: Handler = (_fields, { client }) =>
  void client.subscriptions.stop('positions', ONLY)

/** `74 1 reqId account model`. */
export const positionsMulti: Handler = (fields, { client, tws }) => {
  const requestId = fields.skip(1).integer()
  const [name, model] = [fields.text(), fields.text()]
  const books = name === '' ? tws.books.all : booksNamed(tws.books.named(name))
  if (books.length === 0) return client.refuse(requestId, unknownAccount(name))
  for (const book of books)
    for (const held of book.positions) client.send(messages.positionMulti(requestId, model, book.id, held))
  client.send(messages.positionMultiEnd(requestId))
  const end = tws.books.onChange((book, { position }) => {
    if (books.includes(book) && !tws.isCutOff(client))
      client.send(messages.positionMulti(requestId, model, book.id, position))
  })
  client.subscriptions.add('positionsMulti', requestId, end)
}

const booksNamed = (book: Book | null): readonly Book[] => (book ? [book] : [])

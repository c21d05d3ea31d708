import type { Book } from '../accounts/book.ts'
import { followBooks } from '../accounts/follow.ts'
import { type Holding, holdings } from '../accounts/portfolio.ts'
import type { Prices } from '../accounts/prices.ts'
import { Told } from '../accounts/told.ts'
import { type AccountValue, accountValues, ledgerValues } from '../accounts/values.ts'
import type { Handler } from '../handler.ts'
import * as messages from '../messages/account.ts'
import type { Tws } from '../tws.ts'

/** IB: Account Summary. */
const MAX_SUMMARIES = 2

/** `62 1 reqId group tags`: the tags asked for, of every account, and from then on what changes of them. */
export const accountSummary: Handler = (fields, { client, tws }) => {
  const requestId = fields.skip(1).integer()
  const [group, tags] = [fields.text(), fields.text().split(',')]
  if (client.subscriptions.has('accountSummary', requestId)) return client.refuse(requestId, DUPLICATE_ID)
  if (client.subscriptions.count('accountSummary') >= MAX_SUMMARIES) return client.refuse(requestId, TOO_MANY)
  const books = booksOf(group, tws)
  if (!books) return client.refuse(requestId, unknownGroup(group))
  const told = new Told()
  const tell = (prices: Prices) => {
    const heldBy = (book: Book) => holdings(book, prices, tws.now())
    const lines = books.flatMap((book) => linesOf(requestId, book, heldBy(book), tags))
    for (const message of told.news(lines)) client.send(message)
  }
  const end = messages.accountSummaryEnd(requestId)
  return followBooks({ client, tws }, { kind: 'accountSummary', id: requestId, books, tell, end })
}

/** `All`, or the id of one account. Groups of an advisor there are none. */
function booksOf(group: string, { books }: Tws): readonly Book[] | null {
  if (group === 'All') return books.all
  const book = group === '' ? null : books.named(group)
  return book && [book]
}

const linesOf = (requestId: number, book: Book, held: readonly Holding[], tags: readonly string[]) =>
  valuesOf(book, held, tags).map((value) => ({
    name: `${book.id} ${value.key} ${value.currency}`,
    message: messages.accountSummary(requestId, book.id, value),
  }))

function valuesOf(book: Book, held: readonly Holding[], tags: readonly string[]): AccountValue[] {
  return [
    ...accountValues(book.cash, held).filter(({ key }) => tags.includes(key)),
    ...ledgersOf(tags).flatMap((currency) => ledgerValues(book.cash, held, currency)),
  ]
}

/** `$LEDGER` is the base currency's, `$LEDGER:USD` one currency's, `$LEDGER:ALL` all that there are. */
function ledgersOf(tags: readonly string[]): string[] {
  const isWanted = (tag: string) => tags.includes(tag) || tags.includes('$LEDGER:ALL')
  return [
    ...(isWanted('$LEDGER') || isWanted('$LEDGER:BASE') ? ['BASE'] : []),
    ...(isWanted('$LEDGER:USD') ? ['USD'] : []),
  ]
}

const DUPLICATE_ID = { code: 322, text: "Error processing request.-'bS' : cause - Duplicate ticker id" }

const TOO_MANY = {
  code: 322,
  text: "Error processing request.-'bS' : cause - Maximum number of account summary requests exceeded",
}

const unknownGroup = (group: string) => ({
  code: 321,
  text: `Error validating request.-'bS' : cause - Invalid account group '${group}'.`,
})

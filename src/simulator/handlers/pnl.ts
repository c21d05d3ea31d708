import { SECOND_MS } from '../../market/time.ts'
import { holding, holdings, sum } from '../accounts/portfolio.ts'
import type { Handler } from '../handler.ts'
import { listingOfConId } from '../listings.ts'
import * as messages from '../messages/account.ts'
import { runStream } from '../subscriptions.ts'
import { unknownAccount } from './accounts.ts'
import { NO_DEFINITION } from './contractDetails.ts'

/** About how often TWS tells profit and loss. */
const EVERY_MS = SECOND_MS

/** `92 reqId account model`. */
export const pnl: Handler = (fields, { client, tws }) => {
  const [requestId, name] = [fields.integer(), fields.text()]
  const book = tws.books.named(name)
  if (!book) return client.refuse(requestId, unknownAccount(name))
  const tell = () => {
    const held = holdings(book, tws.prices, tws.now())
    const dailyPnl = sum(held, (each) => each.dailyPnl)
    const unrealizedPnl = sum(held, (each) => each.unrealizedPnl)
    const realizedPnl = sum(held, (each) => each.realizedPnl)
    client.send(messages.pnl(requestId, { dailyPnl, unrealizedPnl, realizedPnl }))
  }
  tell()
  runStream(tws, client, { kind: 'pnl', id: requestId, everyMs: EVERY_MS }, tell)
}

/** `94 reqId account model conId`. */
export const pnlSingle: Handler = (fields, { client, tws }) => {
  const [requestId, name] = [fields.integer(), fields.text()]
  const listing = listingOfConId(fields.skip(1).integer())
  const book = tws.books.named(name)
  if (!book) return client.refuse(requestId, unknownAccount(name))
  if (!listing) return client.refuse(requestId, NO_DEFINITION)
  const tell = () =>
    client.send(messages.pnlSingle(requestId, holding(book, listing.symbol, tws.prices, tws.now())))
  tell()
  runStream(tws, client, { kind: 'pnlSingle', id: requestId, everyMs: EVERY_MS }, tell)
}

import { SECOND_MS } from '../../market/time.ts'
import { follow } from '../accounts/follow.ts'
import { holding, holdings, sum, symbolsOf } from '../accounts/portfolio.ts'
import type { Prices } from '../accounts/prices.ts'
import type { Handler } from '../handler.ts'
import { listingOfConId } from '../listings.ts'
import * as messages from '../messages/account.ts'
import { unknownAccount } from './accounts.ts'
import { NO_DEFINITION } from './contractDetails.ts'

/** About how often TWS tells profit and loss, whatever is traded meanwhile. */
const PACE = { everyMs: SECOND_MS, books: [] } as const

/** `92 reqId account model`. */
export const pnl: Handler = (fields, { client, tws }) => {
  const [requestId, name] = [fields.integer(), fields.text()]
  const book = tws.books.named(name)
  if (!book) return client.refuse(requestId, unknownAccount(name))
  const tell = (prices: Prices) => {
    const held = holdings(book, prices, tws.now())
    const dailyPnl = sum(held, (each) => each.dailyPnl)
    const unrealizedPnl = sum(held, (each) => each.unrealizedPnl)
    const realizedPnl = sum(held, (each) => each.realizedPnl)
    client.send(messages.pnl(requestId, { dailyPnl, unrealizedPnl, realizedPnl }))
  }
  const symbols = () => symbolsOf(book, tws.now())
  return follow({ client, tws }, { ...PACE, kind: 'pnl', id: requestId, symbols, tell })
}

/** `94 reqId account model conId`. */
export const pnlSingle: Handler = (fields, { client, tws }) => {
  const [requestId, name] = [fields.integer(), fields.text()]
  const listing = listingOfConId(fields.skip(1).integer())
  const book = tws.books.named(name)
  if (!book) return client.refuse(requestId, unknownAccount(name))
  if (!listing) return client.refuse(requestId, NO_DEFINITION)
  const { symbol } = listing
  const tell = (prices: Prices) =>
    client.send(messages.pnlSingle(requestId, holding(book, symbol, prices, tws.now())))
  return follow({ client, tws }, { ...PACE, kind: 'pnlSingle', id: requestId, symbols: () => [symbol], tell })
}

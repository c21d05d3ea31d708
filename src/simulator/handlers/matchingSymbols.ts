import type { Handler } from '../handler.ts'
import { listingsLike } from '../listings.ts'
import * as messages from '../messages/contract.ts'

/** `81 reqId pattern`: symbols that begin so and companies that are called so, as far as the market has them. */
export const matchingSymbols: Handler = (fields, { client, tws }) => {
  const [requestId, pattern] = [fields.integer(), fields.text().toUpperCase()]
  const found = listingsLike(pattern).filter(({ symbol }) => tws.market.has(symbol))
  client.send(messages.symbolSamples(requestId, found))
}

/** `91 ruleId`: every price of every stock is on the one-cent grid. */
export const marketRule: Handler = (fields, { client }) =>
  client.send(messages.marketRule(fields.integer(), '0.0', '0.01'))

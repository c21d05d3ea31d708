import type { Handler } from '../handler.ts'
import { listingOf } from '../listings.ts'
import * as messages from '../messages.ts'

/** `81 reqId pattern`: the symbol itself, if the market has it. */
export const matchingSymbols: Handler = (fields, { client, tws }) => {
  const [requestId, pattern] = [fields.integer(), fields.text().toUpperCase()]
  const listing = tws.market.has(pattern) ? listingOf(pattern) : null
  client.send(messages.symbolSamples(requestId, listing ? [listing] : []))
}

/** `91 ruleId`: every price of every stock is on the one-cent grid. */
export const marketRule: Handler = (fields, { client }) =>
  client.send(messages.marketRule(fields.integer(), '0.0', '0.01'))

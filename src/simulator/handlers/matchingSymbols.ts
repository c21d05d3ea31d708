import type { Handler } from '../handler.ts'
import { listingsLike } from '../listings.ts'
import * as messages from '../messages/contract.ts'
import { NO_ID } from '../messages/session.ts'

/** `81 reqId pattern`: symbols that begin so and companies that are called so, as far as the market has them. */
export const matchingSymbols: Handler = (fields, { client, tws }) => {
  const [requestId, pattern] = [fields.integer(), fields.text().toUpperCase()]
  const found = listingsLike(pattern).filter(({ symbol }) => tws.market.has(symbol))
  client.send(messages.symbolSamples(requestId, found))
}

/** `91 ruleId`: every price of every stock is on the one-cent grid. What TWS says of other rules is not known to the letter. */
export const marketRule: Handler = (fields, { client }) => {
  const ruleId = fields.integer()
  if (ruleId === messages.ONE_CENT_RULE) client.send(messages.marketRule(ruleId, '0.0', '0.01'))
  else client.refuse(NO_ID, { code: 321, text: `${VALIDATING}Market rule ${ruleId} is not available` })
}

const VALIDATING = "Error validating request.-'bU' : cause - "

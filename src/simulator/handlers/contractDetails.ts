import { type ContractQuery, readContract, resolve } from '../contract.ts'
import type { Handler } from '../handler.ts'
import type { Listing } from '../listings.ts'
import { contractData, contractDataEnd, optionParametersEnd } from '../messages/contract.ts'
import { tradingHours } from '../tradingHours.ts'
import type { Tws } from '../tws.ts'

/** `9 8 reqId C12 includeExpired secIdType secId issuerId`. */
export const contractDetails: Handler = (fields, { client, tws }) => {
  const requestId = fields.skip(1).integer()
  const query = readContract(fields)
  const listing = listed(query, tws)
  if (!listing) return client.refuse(requestId, NO_DEFINITION)
  const described = { ...listing, exchange: query.exchange === '' ? 'SMART' : query.exchange }
  client.send(contractData(requestId, client.version, described, tradingHours(tws.now())))
  client.send(contractDataEnd(requestId))
}

/** `78 reqId symbol exchange secType conId`: no stock here has options. */
export const optionParameters: Handler = (fields, { client }) =>
  client.send(optionParametersEnd(fields.integer()))

export const NO_DEFINITION = { code: 200, text: 'No security definition has been found for the request' }

/** The listing that a contract names, if the market has it. */
export function listed(query: ContractQuery, { market }: Tws): Listing | null {
  const listing = resolve(query)
  return listing && market.has(listing.symbol) ? listing : null
}

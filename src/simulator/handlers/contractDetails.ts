import { type ContractQuery, readContract, resolve } from '../contract.ts'
import type { Handler } from '../handler.ts'
import type { Listing } from '../listings.ts'
import { contractData, contractDataEnd } from '../messages/contract.ts'
import { tradingHours } from '../tradingHours.ts'
import type { Tws } from '../tws.ts'

/** `9 8 reqId C12 includeExpired secIdType secId issuerId`. */
export const contractDetails: Handler = (fields, { client, tws }) => {
  const requestId = fields.skip(1).integer()
  const listing = listed(readContract(fields), tws)
  if (!listing) return client.refuse(requestId, NO_DEFINITION)
  client.send(contractData(requestId, client.version, listing, tradingHours(tws.now())))
  client.send(contractDataEnd(requestId))
}

export const NO_DEFINITION = { code: 200, text: 'No security definition has been found for the request' }

/** The listing that a contract names, if the market has it. */
export function listed(query: ContractQuery, { market }: Tws): Listing | null {
  const listing = resolve(query)
  return listing && market.has(listing.symbol) ? listing : null
}

import { readContract } from '../contract.ts'
import type { Handler } from '../handler.ts'
import { hmdsError } from '../history/plan.ts'
import { headTimestamp as headTimestampMessage } from '../messages/history.ts'
import { epochSeconds, utcTime } from '../wireTime.ts'
import { listed, NO_DEFINITION } from './contractDetails.ts'

/** `87 reqId C12 includeExpired useRTH whatToShow formatDate`: where the market's data begin, for every kind of data. */
export const headTimestamp: Handler = (fields, { client, tws }) => {
  const requestId = fields.integer()
  const listing = listed(readContract(fields), tws)
  const format = fields.skip(3).integer()
  if (!listing) return client.refuse(requestId, NO_DEFINITION)
  const first = tws.market.firstTime(listing.symbol)
  if (first === null) return client.refuse(requestId, hmdsError('No head time stamp'))
  client.send(headTimestampMessage(requestId, format === 2 ? epochSeconds(first) : utcTime(first)))
}

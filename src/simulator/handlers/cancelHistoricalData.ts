import type { Handler } from '../handler.ts'
import { hmdsError } from '../history/plan.ts'

/** `25 1 reqId`: ends a query that is being answered, or bars that are kept up to date. */
export const cancelHistoricalData: Handler = (fields, { client }) => {
  const requestId = fields.skip(1).integer()
  const query = client.queries.get(requestId)
  const wasKept = client.subscriptions.stop('keepUpToDate', requestId)
  if (!query && !wasKept)
    return client.refuse(requestId, {
      code: 366,
      text: `No historical data query found for ticker id:${requestId}`,
    })
  client.queries.delete(requestId)
  query?.abort()
  client.refuse(requestId, hmdsError(`API historical data query cancelled: ${requestId}`))
}

import type { Handler } from '../handler.ts'
import { hmdsError } from '../history/plan.ts'

/** `25 1 reqId`. */
export const cancelHistoricalData: Handler = (fields, { client }) => {
  const requestId = fields.skip(1).integer()
  const query = client.queries.get(requestId)
  if (!query)
    return client.refuse(requestId, {
      code: 366,
      text: `No historical data query found for ticker id:${requestId}`,
    })
  client.queries.delete(requestId)
  query.abort()
  client.refuse(requestId, hmdsError(`API historical data query cancelled: ${requestId}`))
}

import { readContract } from '../contract.ts'
import type { Handler } from '../handler.ts'
import { headTime } from '../history/head.ts'
import { hmdsError } from '../history/plan.ts'
import { isShown } from '../history/shown.ts'
import { headTimestamp as headTimestampMessage } from '../messages/history.ts'
import { epochSeconds, utcTime } from '../wireTime.ts'
import { listed, NO_DEFINITION } from './contractDetails.ts'

/** `87 reqId C12 includeExpired useRTH whatToShow formatDate`: where the market's data of a kind begin. */
export const headTimestamp: Handler = (fields, { client, tws }) => {
  const requestId = fields.integer()
  const listing = listed(readContract(fields), tws)
  const session = fields.skip(1).flag() ? 'rth' : 'all'
  const [shown, format] = [fields.text(), fields.integer()]
  if (!listing) return client.refuse(requestId, NO_DEFINITION)
  if (!isShown(shown) || shown === 'SCHEDULE') return client.refuse(requestId, NO_HEAD)
  return tws.turns.take(() => {
    const head = headTime(tws.market, { symbol: listing.symbol, session, shown })
    if (head === null || head > tws.now()) return client.refuse(requestId, NO_HEAD)
    client.send(headTimestampMessage(requestId, format === 2 ? epochSeconds(head) : utcTime(head)))
  })
}

const NO_HEAD = hmdsError('No head time stamp')

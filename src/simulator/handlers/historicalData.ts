import type { Client } from '../client.ts'
import { barsOf } from '../history/bars.ts'
import { type HistoryPlan, hmdsError, planHistory } from '../history/plan.ts'
import { type HistoryRequest, readHistoryRequest } from '../history/request.ts'
import { barRows, type DateFormat } from '../history/rows.ts'
import { scheduledSessions } from '../history/schedule.ts'
import { isSmall } from '../history/step.ts'
import type { Listing } from '../listings.ts'
import * as messages from '../messages.ts'
import type { Tws } from '../tws.ts'
import type { LimitRule } from '../violations.ts'
import { exchangeTime, zonedTime } from '../wireTime.ts'
import { listed, NO_DEFINITION } from './contractDetails.ts'
import type { Handler } from './handler.ts'

/** `20 reqId C12 includeExpired endDateTime barSize duration useRTH whatToShow formatDate keepUpToDate options`. */
export const historicalData: Handler = async (fields, { client, tws }) => {
  const request = readHistoryRequest(fields)
  tws.historical++
  if (client.queries.has(request.id)) return client.refuse(request.id, DUPLICATE_ID)
  const listing = listed(request.contract, tws)
  if (!listing) return client.refuse(request.id, NO_DEFINITION)
  const plan = planHistory(request, { now: tws.now(), smallBarsExpire: tws.switches.smallBarsExpire })
  if (plan.kind === 'refusal') return client.refuse(request.id, plan)
  if (plan.zoneMissing) client.refuse(request.id, ZONE_MISSING)
  const broken = isSmall(plan.step) ? paced(request, listing, client, tws) : null
  if (broken) return client.refuse(request.id, hmdsError('Historical data request pacing violation'))
  await answer({ client, tws, request, listing, plan })
}

const DUPLICATE_ID = { code: 322, text: 'Error processing request: Duplicate ticker id' }

const ZONE_MISSING = {
  code: 2174,
  text:
    'Warning: You submitted request with date-time attributes without explicit time zone. Please switch to use ' +
    'yyyymmdd-hh:mm:ss in UTC or use instrument time zone, like US/Eastern. Implied time zone functionality will be ' +
    'removed in the next API release',
}

/** Counts a request for small bars. The rule it broke, where rules are enforced. */
function paced(request: HistoryRequest, listing: Listing, client: Client, tws: Tws): LimitRule | null {
  const { exchange } = request.contract
  const { endTime, step, duration, whatToShow, regularHours, formatDate } = request
  const series = [listing.symbol, exchange, whatToShow].join(' ')
  const identity = [series, endTime, step, duration, regularHours, formatDate].join('|')
  const weight = whatToShow === 'BID_ASK' ? 2 : 1
  const broken = tws.pacing.admit({ time: tws.now(), identity, series, weight })
  if (!broken || tws.switches.pacing === 'off') return null
  tws.violated(broken, client, `request ${request.id}: ${identity}`)
  return broken
}

interface Query {
  readonly client: Client
  readonly tws: Tws
  readonly request: HistoryRequest
  readonly listing: Listing
  readonly plan: HistoryPlan
}

/** Runs a query under its request id until it is answered or taken back. */
async function answer(query: Query): Promise<void> {
  const { client, request } = query
  const taken = new AbortController()
  client.queries.set(request.id, taken)
  try {
    await run(query, taken.signal)
  } finally {
    if (client.queries.get(request.id) === taken) client.queries.delete(request.id)
  }
}

async function run(query: Query, signal: AbortSignal): Promise<void> {
  const { tws } = query
  if (tws.switches.historyDelayMs > 0 && !(await slept(query, signal))) return
  if (query.request.whatToShow === 'SCHEDULE') return sendSchedule(query)
  const text = await barMessage(query, signal)
  if (!signal.aborted) text()
}

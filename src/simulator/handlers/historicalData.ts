import type { Clock } from '../../market/time.ts'
import type { Client } from '../client.ts'
import type { Handler, Served } from '../handler.ts'
import { barsOf } from '../history/bars.ts'
import { brokenLimit } from '../history/limits.ts'
import { type HistoryPlan, hmdsError, planHistory } from '../history/plan.ts'
import { type HistoryRequest, readHistoryRequest } from '../history/request.ts'
import { barRows, type DateFormat } from '../history/rows.ts'
import { scheduledSessions } from '../history/schedule.ts'
import type { Listing } from '../listings.ts'
import * as messages from '../messages.ts'
import type { Tws } from '../tws.ts'
import { zonedTime } from '../wireTime.ts'
import { listed, NO_DEFINITION } from './contractDetails.ts'

/** `20 reqId C12 includeExpired endDateTime barSize duration useRTH whatToShow formatDate keepUpToDate options`. */
export const historicalData: Handler = (fields, served) => {
  served.tws.historical++
  return serve(readHistoryRequest(fields), served)
}

async function serve(request: HistoryRequest, { client, tws }: Served): Promise<void> {
  if (client.queries.has(request.id)) return client.refuse(request.id, DUPLICATE_ID)
  const listing = listed(request.contract, tws)
  if (!listing) return client.refuse(request.id, NO_DEFINITION)
  const plan = planHistory(request, { now: tws.now(), smallBarsExpire: tws.switches.smallBarsExpire })
  if (plan.kind === 'refusal') return client.refuse(request.id, plan)
  if (plan.zoneMissing) client.refuse(request.id, ZONE_MISSING)
  const broken = brokenLimit(request, listing.symbol, plan.step, { client, tws })
  if (broken) return client.refuse(request.id, broken)
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
  } catch (fault) {
    if (!taken.signal.aborted) throw fault
  } finally {
    if (client.queries.get(request.id) === taken) client.queries.delete(request.id)
  }
}

async function run(query: Query, signal: AbortSignal): Promise<void> {
  const { machine, switches } = query.tws
  if (switches.historyDelayMs > 0) await machine.sleep(switches.historyDelayMs, signal)
  if (query.request.whatToShow === 'SCHEDULE') return sendSchedule(query)
  await sendBars(query, signal)
}

async function sendBars({ client, tws, request, listing, plan }: Query, signal: AbortSignal): Promise<void> {
  const deps = { market: tws.market, now: tws.now(), pause: breather(tws.machine, signal) }
  const bars = await barsOf(deps, listing.symbol, plan)
  signal.throwIfAborted()
  if (bars.length === 0) return client.refuse(request.id, NO_DATA)
  const rows = barRows(bars, plan.step, request.formatDate as DateFormat, TRADED.has(request.whatToShow))
  const [from, to] = [zonedTime(plan.from), zonedTime(plan.to)]
  client.send(messages.historicalData(request.id, from, to, bars.length, rows))
}

/** How long a query of many sessions may work before others have their turn. */
const TURN_MS = 30

function breather(machine: Clock, signal: AbortSignal): () => Promise<void> {
  let since = machine.now()
  return async () => {
    if (machine.now() - since < TURN_MS) return
    await machine.sleep(0, signal)
    since = machine.now()
  }
}

/** Of quotes TWS has neither volume, average nor count. Theirs are made of the same prices as those of trades. */
const TRADED: ReadonlySet<string> = new Set(['TRADES', 'ADJUSTED_LAST'])

const NO_DATA = hmdsError('HMDS query returned no data')

function sendSchedule({ client, request, plan }: Query): void {
  const sessions = scheduledSessions(plan)
  const [first, last] = [sessions[0], sessions.at(-1)]
  if (first && last) client.send(messages.historicalSchedule(request.id, first.start, last.end, sessions))
  else client.refuse(request.id, NO_DATA)
}

import type { EpochMs } from '../../market/time.ts'
import type { Handler, Served } from '../handler.ts'
import { barsInTurns } from '../history/bars.ts'
import { keepUpToDate } from '../history/keepUpToDate.ts'
import { admission } from '../history/limits.ts'
import { hmdsError, planHistory, ZONE_MISSING } from '../history/plan.ts'
import { type Query, rowStyle } from '../history/query.ts'
import { type HistoryRequest, readHistoryRequest } from '../history/request.ts'
import { barRows } from '../history/rows.ts'
import { scheduledSessions } from '../history/schedule.ts'
import * as messages from '../messages/history.ts'
import { zonedTime } from '../wireTime.ts'
import { listed, NO_DEFINITION } from './contractDetails.ts'

/** `20 reqId C12 includeExpired endDateTime barSize duration useRTH whatToShow formatDate keepUpToDate options`. */
export const historicalData: Handler = (fields, served) => {
  served.tws.historical++
  served.client.counts.historical++
  return serve(readHistoryRequest(fields), served)
}

async function serve(request: HistoryRequest, { client, tws }: Served): Promise<void> {
  if (client.queries.has(request.id) || client.subscriptions.has('keepUpToDate', request.id))
    return client.refuse(request.id, DUPLICATE_ID)
  const listing = listed(request.contract, tws)
  if (!listing) return client.refuse(request.id, NO_DEFINITION)
  const plan = planHistory(request, { now: tws.now(), ...tws.switches })
  if (plan.kind === 'refusal') return client.refuse(request.id, plan)
  if (plan.zoneMissing) client.refuse(request.id, ZONE_MISSING)
  const admitted = admission(request, listing.symbol, plan.step, { client, tws })
  if (admitted.kind === 'served') return answer({ client, tws, request, listing, plan }, admitted.at)
  client.refuse(request.id, admitted.refusal)
  if (admitted.disconnects) client.end('a limit of historical data was broken')
}

const DUPLICATE_ID = { code: 322, text: 'Error processing request: Duplicate ticker id' }

/** Runs a query at its time, under its request id until it is answered or taken back. */
async function answer(query: Query, at: EpochMs): Promise<void> {
  const { client, request } = query
  const taken = new AbortController()
  client.queries.set(request.id, taken)
  try {
    await query.tws.clock.sleepUntil(at, taken.signal)
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

async function sendBars(query: Query, signal: AbortSignal): Promise<void> {
  const { client, tws, request, listing, plan } = query
  const { market, days, switches } = tws
  const inTurn = async (work: () => void) => {
    await tws.turns.take(work, signal)
    signal.throwIfAborted()
  }
  const bars = await barsInTurns({ market, days, switches, now: tws.now(), inTurn }, listing.symbol, plan)
  if (bars.length === 0) return client.refuse(request.id, NO_DATA)
  const rows = barRows(bars, rowStyle(query)).map((row) => row.join('\0'))
  const [from, to] = [zonedTime(plan.from), zonedTime(plan.to)]
  client.send(messages.historicalData(request.id, from, to, bars.length, rows.join('\0')))
  if (request.keepUpToDate) keepUpToDate(query, bars)
}

const NO_DATA = hmdsError('HMDS query returned no data')

function sendSchedule({ client, request, plan }: Query): void {
  const sessions = scheduledSessions(plan)
  const [first, last] = [sessions[0], sessions.at(-1)]
  if (first && last) client.send(messages.historicalSchedule(request.id, first.start, last.end, sessions))
  else client.refuse(request.id, NO_DATA)
}

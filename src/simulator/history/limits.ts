import type { EpochMs } from '../../market/time.ts'
import type { Served } from '../handler.ts'
import type { SmallBarRequest } from '../pacing.ts'
import { hmdsError, type Refusal } from './plan.ts'
import type { HistoryRequest } from './request.ts'
import { isSmall, type Step } from './step.ts'

/** IB: Historical Data Limitations. Requests of one client that wait for their answer, or are kept up to date. */
const MAX_OPEN_QUERIES = 50

/** When a request is served; or why it is not, and whether that costs its client the connection. */
export type Admission =
  | { readonly kind: 'served'; readonly at: EpochMs }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly disconnects: boolean }

/** Counts a legal request against IB's limits, and says what becomes of it. */
export function admission(
  request: HistoryRequest,
  symbol: string,
  step: Step,
  { client, tws }: Served,
): Admission {
  const { pacing } = tws.switches
  const small = smallBarRequest(request, symbol, tws.now())
  const at = isSmall(step) && pacing === 'delay' ? tws.pacing.reserve(small) : small.time
  const rule = isSmall(step) && pacing !== 'delay' ? tws.pacing.admit(small, tws.switches.refusedCount) : null
  const open = client.queries.size + client.subscriptions.count('keepUpToDate')
  const broken = open >= MAX_OPEN_QUERIES ? 'open' : rule
  if (!broken || pacing === 'off') return { kind: 'served', at }
  tws.violated(broken, client, `request ${request.id}: ${small.identity}`)
  const refusal = broken === 'open' ? TOO_MANY_OPEN : PACING_VIOLATION
  return { kind: 'refused', refusal, disconnects: pacing === 'disconnect' }
}

function smallBarRequest(request: HistoryRequest, symbol: string, time: EpochMs): SmallBarRequest {
  const { contract, whatToShow } = request
  const series = `${symbol} ${contract.exchange} ${whatToShow}`
  return { time, identity: identityOf(request, symbol), series, weight: whatToShow === 'BID_ASK' ? 2 : 1 }
}

/** All that makes a request the same as another: an empty end time stays empty, whenever it comes. */
function identityOf(request: HistoryRequest, symbol: string): string {
  const { contract, endTime, step, duration, whatToShow, regularHours, formatDate } = request
  const parts = [symbol, contract.exchange, whatToShow, endTime, step, duration, regularHours, formatDate]
  return parts.join('|')
}

const PACING_VIOLATION = hmdsError('Historical data request pacing violation')

const TOO_MANY_OPEN: Refusal = {
  kind: 'refusal',
  code: 322,
  text: `Error processing request: Only ${MAX_OPEN_QUERIES} simultaneous API historical data requests allowed.`,
}

import type { Served } from '../handler.ts'
import type { LimitRule } from '../violations.ts'
import { hmdsError, type Refusal } from './plan.ts'
import type { HistoryRequest } from './request.ts'
import { isSmall, type Step } from './step.ts'

/** IB: Historical Data Limitations. Requests of one client that wait for their answer. */
const MAX_OPEN_QUERIES = 50

/** Counts a legal request against IB's limits. The refusal when it breaks one that is enforced, else null. */
export function brokenLimit(
  request: HistoryRequest,
  symbol: string,
  step: Step,
  { client, tws }: Served,
): Refusal | null {
  const identity = identityOf(request, symbol)
  const rule = isSmall(step) ? smallBarRule(request, symbol, identity, { client, tws }) : null
  const broken: LimitRule | null = client.queries.size >= MAX_OPEN_QUERIES ? 'open' : rule
  if (!broken || tws.switches.pacing === 'off') return null
  tws.violated(broken, client, `request ${request.id}: ${identity}`)
  return broken === 'open' ? TOO_MANY_OPEN : PACING_VIOLATION
}

function smallBarRule(
  { contract, whatToShow }: HistoryRequest,
  symbol: string,
  identity: string,
  { tws }: Served,
): LimitRule | null {
  const series = `${symbol} ${contract.exchange} ${whatToShow}`
  return tws.pacing.admit({ time: tws.now(), identity, series, weight: whatToShow === 'BID_ASK' ? 2 : 1 })
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

import type { ContractQuery } from '../contract.ts'
import type { Served } from '../handler.ts'
import { listed, NO_DEFINITION } from '../handlers/contractDetails.ts'
import type { Listing } from '../listings.ts'
import type { StreamKind } from '../subscriptions.ts'
import type { Tws } from '../tws.ts'

/** A request for something that runs. */
export interface StreamRequest {
  readonly kind: 'marketData' | 'realTimeBars' | 'tickByTick'
  readonly id: number
  readonly contract: ContractQuery
}

/** The listing to stream, or null when the request has been refused. */
export function admitted({ kind, id, contract }: StreamRequest, { client, tws }: Served): Listing | null {
  const listing = listed(contract, tws)
  const refusal = client.subscriptions.has(kind, id)
    ? DUPLICATE_ID
    : contract.exchange === ''
      ? NO_EXCHANGE
      : listing === null
        ? NO_DEFINITION
        : crowding(kind, tws)
  if (refusal) client.refuse(id, refusal)
  if (refusal === TOO_MANY_LINES || refusal === TOO_MANY_TICKS)
    tws.violated('lines', client, `request ${id}: ${refusal.text}`)
  return refusal ? null : listing
}

const LINES: readonly StreamKind[] = ['marketData', 'realTimeBars', 'tickByTick']

/** Each stream takes a line of those that all clients share; ticks have a smaller number of their own besides. */
function crowding(kind: StreamKind, tws: Tws) {
  const { dataLines, tickByTickLines } = tws.switches
  if (kind === 'tickByTick' && running(['tickByTick'], tws) >= tickByTickLines) return TOO_MANY_TICKS
  return linesInUse(tws) >= dataLines ? TOO_MANY_LINES : null
}

/** The lines of market data that all clients together take. */
export const linesInUse = (tws: Tws): number => running(LINES, tws)

const running = (kinds: readonly StreamKind[], { clients }: Tws): number =>
  [...clients.values()].reduce(
    (sum, { subscriptions }) => kinds.reduce((count, kind) => count + subscriptions.count(kind), sum),
    0,
  )

const DUPLICATE_ID = { code: 322, text: "Error processing request.-'bO' : cause - Duplicate ticker id" }

const NO_EXCHANGE = { code: 321, text: "Error validating request.-'bT' : cause - Please enter exchange" }

const TOO_MANY_LINES = { code: 101, text: 'Max number of tickers has been reached.' }

const TOO_MANY_TICKS = { code: 10190, text: 'Max number of tick-by-tick requests has been reached.' }

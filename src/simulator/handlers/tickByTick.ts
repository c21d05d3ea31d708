import { SECOND_MS } from '../../market/time.ts'
import { readContract } from '../contract.ts'
import type { Handler, Served } from '../handler.ts'
import type { Listing } from '../listings.ts'
import { runStream } from '../subscriptions.ts'
import { admitted } from '../ticks/admission.ts'
import { noPermissions } from '../ticks/entitlement.ts'
import { Feed } from '../ticks/feed.ts'
import {
  ALL_TRADES,
  liveTick,
  MIDPOINTS,
  newsOf,
  pastTicks,
  QUOTES,
  type TickKind,
  TRADES,
} from '../ticks/kinds.ts'
import { ticksBefore } from '../ticks/past.ts'
import { unknownTicker } from './marketData.ts'

const KINDS: ReadonlyMap<string, TickKind> = new Map([
  ['Last', TRADES],
  ['AllLast', ALL_TRADES],
  ['BidAsk', QUOTES],
  ['MidPoint', MIDPOINTS],
])

interface TickRequest {
  readonly id: number
  readonly kind: TickKind
  /** So many ticks of the past come first. */
  readonly count: number
  readonly ignoreSize: boolean
}

const MOST_PAST_TICKS = 1_000

/** `97 reqId C12 type numTicks ignoreSize`. */
export const tickByTick: Handler = (fields, served) => {
  const [id, contract] = [fields.integer(), readContract(fields)]
  const kind = KINDS.get(fields.text())
  const [count, ignoreSize] = [Math.min(fields.integer(), MOST_PAST_TICKS), fields.flag()]
  if (!kind) return served.client.refuse(id, WRONG_TYPE)
  const listing = admitted({ kind: 'tickByTick', id, contract }, served)
  if (!listing) return
  if (served.tws.switches.delayedData) return served.client.refuse(id, noTicks(listing))
  return start({ id, kind, count, ignoreSize }, listing, served)
}

const WRONG_TYPE = {
  code: 321,
  text: "Error validating request.-'cd' : cause - Tick-by-tick type is missing or incorrect",
}

const noTicks = (listing: Listing) => ({
  code: 10189,
  text: `Failed to request tick-by-tick data:${noPermissions(listing)}`,
})

/** The ticks of the past may need days' prices to be made: they wait for their turn. */
function start(request: TickRequest, listing: Listing, served: Served): Promise<void> | void {
  const { client, tws } = served
  const starting = new AbortController()
  client.subscriptions.add('tickByTick', request.id, () => starting.abort())
  return tws.turns.take(() => stream(request, listing, served), starting.signal)
}

function stream(request: TickRequest, listing: Listing, { client, tws }: Served): void {
  const { id, kind, count, ignoreSize } = request
  const { symbol } = listing
  const now = tws.now()
  if (count > 0) {
    const past = ticksBefore(tws.market, { symbol, session: 'all', kind, count, ignoreSize }, now)
    client.send(pastTicks(id, kind, past, listing))
  }
  const feed = new Feed(tws.market, symbol, now)
  const isNew = newsOf(kind, ignoreSize)
  runStream(tws, client, { kind: 'tickByTick', id, everyMs: SECOND_MS }, () => {
    for (const tick of feed.ticks(tws.now()).filter(isNew)) client.send(liveTick(id, kind, tick, listing))
  })
}

/** `98 reqId`. */
export const cancelTickByTick: Handler = (fields, { client }) => {
  const id = fields.integer()
  if (!client.subscriptions.stop('tickByTick', id)) client.refuse(id, unknownTicker(id))
}

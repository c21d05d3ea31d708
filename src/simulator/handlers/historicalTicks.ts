import { type ContractQuery, readContract } from '../contract.ts'
import type { FieldReader } from '../fields.ts'
import type { Handler, Served } from '../handler.ts'
import { BAD_END_TIME, ZONE_MISSING } from '../history/plan.ts'
import type { Listing } from '../listings.ts'
import { noPermissions } from '../ticks/entitlement.ts'
import { MIDPOINTS, pastTicks, QUOTES, type TickKind, TRADES } from '../ticks/kinds.ts'
import { ticksAfter, ticksBefore } from '../ticks/past.ts'
import { parseEndTime } from '../wireTime.ts'
import { listed, NO_DEFINITION } from './contractDetails.ts'

interface PastRequest {
  readonly id: number
  readonly contract: ContractQuery
  /** One of the two is empty. */
  readonly start: string
  readonly end: string
  readonly count: number
  readonly whatToShow: string
  readonly regularHours: boolean
  readonly ignoreSize: boolean
}

/** `96 reqId C12 includeExpired start end count whatToShow useRTH ignoreSize options`. */
export const historicalTicks: Handler = (fields, { client, tws }) => {
  const request = readRequest(fields)
  const listing = listed(request.contract, tws)
  const refusal = listing ? refusalOf(request) : NO_DEFINITION
  if (refusal) return client.refuse(request.id, refusal)
  if (tws.switches.delayedData) return client.refuse(request.id, noTicks(listing!))
  return tws.turns.take(() => send(request, listing!, { client, tws }))
}

function readRequest(fields: FieldReader): PastRequest {
  const [id, contract] = [fields.integer(), readContract(fields)]
  const [start, end, count] = [fields.skip(1).text(), fields.text(), fields.integer()]
  const [whatToShow, regularHours, ignoreSize] = [fields.text(), fields.flag(), fields.flag()]
  return { id, contract, start, end, count, whatToShow, regularHours, ignoreSize }
}

const KINDS: ReadonlyMap<string, TickKind> = new Map([
  ['TRADES', TRADES],
  ['BID_ASK', QUOTES],
  ['MIDPOINT', MIDPOINTS],
])

/** IB: Historical Time and Sales. */
const MOST_TICKS = 1_000

function refusalOf({ start, end, count, whatToShow }: PastRequest) {
  if ((start === '') === (end === '')) return invalid('Please specify either the start or the end time')
  if (!parseEndTime(start || end)) return BAD_END_TIME
  if (!KINDS.has(whatToShow)) return invalid('What to show field is missing or incorrect.')
  return count >= 1 && count <= MOST_TICKS
    ? null
    : invalid(`Number of ticks must be from 1 to ${MOST_TICKS}: ${count}`)
}

const invalid = (cause: string) => ({ code: 321, text: `Error validating request.-'bY' : cause - ${cause}` })

const noTicks = (listing: Listing) => ({
  code: 10187,
  text: `Failed to request historical ticks:${noPermissions(listing)}`,
})

function send(request: PastRequest, listing: Listing, { client, tws }: Served): void {
  const { id, start, end, count, ignoreSize } = request
  const kind = KINDS.get(request.whatToShow)!
  const { at, zoneMissing } = parseEndTime(start || end)!
  if (zoneMissing) client.refuse(id, ZONE_MISSING)
  const session = request.regularHours ? 'rth' : 'all'
  const wish = { symbol: listing.symbol, session, kind, count, ignoreSize } as const
  const now = tws.now()
  const ticks =
    start === '' ? ticksBefore(tws.market, wish, at < now ? at : now) : ticksAfter(tws.market, wish, at, now)
  client.send(pastTicks(id, kind, ticks, listing))
}

import { SECOND_MS } from '../../market/time.ts'
import { type ContractQuery, readContract } from '../contract.ts'
import type { FieldReader } from '../fields.ts'
import type { Handler, Served } from '../handler.ts'
import type { Listing } from '../listings.ts'
import { marketDataType, tickReqParams, tickSnapshotEnd } from '../messages/ticks.ts'
import { runStream } from '../subscriptions.ts'
import { admitted } from '../ticks/admission.ts'
import { type Board, boardOf, changes } from '../ticks/board.ts'
import { type DataType, entitlementTo, shownAt, typeAt } from '../ticks/entitlement.ts'
import { wrongGenericTicks } from '../ticks/genericTicks.ts'
import { Ticker } from '../ticks/ticker.ts'

interface QuoteRequest {
  readonly id: number
  readonly contract: ContractQuery
  readonly genericTicks: string
  readonly isSnapshot: boolean
}

/** `1 11 reqId C12 [legs] deltaNeutral genericTicks snapshot regulatorySnapshot options`. */
export const marketData: Handler = (fields, served) => {
  const request = readRequest(fields)
  const listing = admitted({ ...request, kind: 'marketData' }, served)
  if (!listing) return
  const wrong = wrongIn(request)
  if (wrong) return served.client.refuse(request.id, { code: 321, text: `${VALIDATING}${wrong}` })
  const { client, tws } = served
  const entitlement = entitlementTo(client.marketDataType, tws.switches, listing)
  if (entitlement.kind === 'none') return client.refuse(request.id, entitlement.refusal)
  if (entitlement.kind === 'delayed') client.refuse(request.id, entitlement.notice)
  return quote({ ...served, listing, id: request.id, isDelayed: entitlement.kind === 'delayed' }, request)
}

const VALIDATING = "Error validating request.-'bW' : cause - "

function readRequest(fields: FieldReader): QuoteRequest {
  const id = fields.skip(1).integer()
  const contract = readContract(fields)
  if (contract.secType === 'BAG') fields.skip(4 * fields.integer())
  if (fields.flag()) fields.skip(3) // delta neutral contract
  const genericTicks = fields.text()
  const [isSnapshot, isRegulatory] = [fields.flag(), fields.flag()]
  return { id, contract, genericTicks, isSnapshot: isSnapshot || isRegulatory }
}

const wrongIn = ({ genericTicks, isSnapshot }: QuoteRequest): string | null =>
  isSnapshot && genericTicks !== ''
    ? 'Snapshot market data subscription is not applicable to generic ticks'
    : wrongGenericTicks(genericTicks)

interface Quoted extends Served {
  readonly id: number
  readonly listing: Listing
  readonly isDelayed: boolean
}

/** What is told at first may need a day's prices to be made: that waits for its turn. */
function quote(quoted: Quoted, { isSnapshot }: QuoteRequest): Promise<void> | void {
  const { client, tws, id } = quoted
  const starting = new AbortController()
  client.subscriptions.add('marketData', id, () => starting.abort())
  return tws.turns.take(() => {
    const tell = teller(quoted)
    tell()
    if (isSnapshot) endSnapshot(quoted)
    else runStream(tws, client, { kind: 'marketData', id, everyMs: SECOND_MS }, tell)
  }, starting.signal)
}

/** A snapshot is told at once, and takes its line until TWS has waited for what else might come. */
function endSnapshot({ client, tws, id }: Quoted): void {
  const end = () => {
    client.subscriptions.stop('marketData', id)
    client.send(tickSnapshotEnd(id))
  }
  client.subscriptions.add('marketData', id, tws.clock.after(tws.switches.snapshotMs, end))
}

/** IB: the exchanges that make the best bid and offer of US stocks, and that a snapshot may be asked for. */
const BBO_EXCHANGE = '9c0001'
const SNAPSHOT_PERMISSIONS = 3

/** Tells what has changed since the last call: everything at the first. */
function teller(quoted: Quoted): () => void {
  const { client, tws, id, isDelayed } = quoted
  const ticker = tickerOf(quoted)
  let told: { readonly type: DataType | null; readonly board: Board } = { type: null, board: new Map() }
  return () => {
    const at = shownAt(tws.now(), isDelayed)
    ticker.advance(at)
    const type = typeAt(at, client.marketDataType, isDelayed)
    if (type !== told.type) client.send(marketDataType(id, type))
    if (told.type === null) client.send(tickReqParams(id, '0.01', BBO_EXCHANGE, SNAPSHOT_PERMISSIONS))
    const isHalted = tws.market.isHalted(quoted.listing.symbol, at)
    const board = boardOf(ticker, { at, type, isHalted })
    for (const message of changes(id, told.board, board, isDelayed)) client.send(message)
    told = { type, board }
  }
}

function tickerOf({ tws, listing: { symbol }, isDelayed }: Quoted): Ticker {
  const previousClose = () => tws.prices.previousClose(symbol)
  return new Ticker({ market: tws.market, symbol, previousClose }, shownAt(tws.now(), isDelayed))
}

/** `2 ver reqId`. */
export const cancelMarketData: Handler = (fields, { client }) => {
  const id = fields.skip(1).integer()
  if (!client.subscriptions.stop('marketData', id)) client.refuse(id, unknownTicker(id))
}

export const unknownTicker = (id: number) => ({ code: 300, text: `Can't find EId with tickerId:${id}` })

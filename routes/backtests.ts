import { addBacktest, getBacktest, listBacktests, removeBacktest } from '../openapi/backtests.ts'
import { isoInstant } from '../src/market/time.ts'
import type { Backtest, WholeBacktest } from '../src/ports/backtests.ts'
import type { AppDeps } from './deps.ts'
import { rangeOf } from './instants.ts'
import { keyAfter, limitOf, pageOf } from './page.ts'
import { type Route, route } from './route.ts'

/** How long a client is kept waiting for the end of a run. */
const WAIT_MS = 30_000

export const backtestRoutes = ({ backtests, stores }: AppDeps): Route[] => [
  route(addBacktest).to(async ({ body, respondAsync }) => {
    const made = await backtests.submit({ ...body, ...rangeOf(body) }, respondAsync ? 0 : WAIT_MS)
    const headers = { Location: `/v1/backtests/${made.id}` }
    const answer = { headers, json: shown(made) }
    return isOpen(made) ? { status: 202, ...answer } : { status: 201, ...answer }
  }),
  route(listBacktests).to(async ({ query }) => {
    const after = keyAfter('backtests', query)
    const limit = limitOf(query) + 1
    const found = await stores.backtests.list({ limit, ...(after === null ? {} : { after }) })
    const { items, nextCursor } = pageOf('backtests', found, query, ({ id }) => id)
    return { status: 200, json: jsonPage(items.map(listed), nextCursor) }
  }),
  route(getBacktest).to(async ({ params: { id } }) => {
    const found = await backtests.find(id)
    return { status: 200, json: shown(found) }
  }),
  route(removeBacktest).to(async ({ params: { id } }) => {
    const cancelled = await backtests.withdraw(id)
    return cancelled === null ? { status: 204, raw: '' } : { status: 200, json: shown(cancelled) }
  }),
]

const isOpen = ({ state }: Backtest): boolean => state === 'queued' || state === 'running'

/** A page of items that are texts of JSON. */
export const jsonPage = (items: readonly string[], nextCursor: string | null): string =>
  `{"items":[${items.join()}],"nextCursor":${JSON.stringify(nextCursor)}}`

/** What was kept as text is answered as it is: parsed and written again it would be the same, later. */
const shown = (backtest: WholeBacktest): string =>
  `{${stateFields(backtest)},${resultFields(backtest)},"trades":${backtest.trades}}`

const listed = (backtest: Backtest): string =>
  `{${stateFields(backtest)},"createdAt":"${isoInstant(backtest.createdAt)}",${resultFields(backtest)}}`

const stateFields = ({ id, state, reason, request }: Backtest): string =>
  `"id":"${id}","state":"${state}","reason":${JSON.stringify(reason)},"request":${request}`

const resultFields = ({ result }: Backtest): string => (result ?? NO_RESULT).slice(1, -1)

const NO_RESULT = JSON.stringify({
  dataVersion: null,
  candles: null,
  pivotHighs: null,
  pivotLows: null,
  rewrites: null,
  statistics: null,
  openTrade: null,
  warnings: null,
})

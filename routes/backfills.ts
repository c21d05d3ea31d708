import { addBackfill, cancelBackfill, getBackfill, listBackfills } from '../openapi/backfills.ts'
import { missing } from '../src/errors.ts'
import { type EpochMs, epochMs, isoInstant, type TimeRange } from '../src/market/time.ts'
import type { Backfill } from '../src/ports/backfills.ts'
import type { AppDeps } from './deps.ts'
import { instantOrNull, rangeOf } from './instants.ts'
import { instrumentOf } from './instruments.ts'
import { keyAfter, limitOf, pageOf } from './page.ts'
import { refusal } from './problem.ts'
import { type Route, route } from './route.ts'

export const backfillRoutes = (deps: AppDeps): Route[] => [
  route(addBackfill).to(async ({ body, subject }) => {
    const range = checkedRange(rangeOf(body), deps.market.now())
    const instrument = await instrumentOf(deps.stores, body.symbol)
    const session = body.session ?? deps.collectSession
    const backfill = await deps.backfills.request({
      ...{ instrument, ...range, session },
      ...(subject === null ? {} : { id: subject }),
    })
    const headers = { Location: `/v1/backfills/${backfill.id}` }
    return { status: 202, headers, body: await shown(deps, backfill) }
  }),
  route(listBackfills).to(async ({ query }) => {
    const after = keyAfter('backfills', query)
    const limit = limitOf(query) + 1
    const found = await deps.stores.backfills.list({ limit, ...(after === null ? {} : { after }) })
    const { items, nextCursor } = pageOf('backfills', found, query, ({ id }) => id)
    return { status: 200, body: { items: await allShown(deps, items), nextCursor } }
  }),
  route(getBackfill).to(async ({ params: { id } }) => {
    const backfill = await deps.stores.backfills.find(id)
    const body = await shown(deps, backfill ?? unknown(id))
    return { status: 200, body, version: progressOf(body) }
  }),
  route(cancelBackfill).to(async ({ params: { id } }) => {
    const backfill = await deps.backfills.cancel(id)
    return { status: 200, body: await shown(deps, backfill ?? unknown(id)) }
  }),
]

/** Its expected end moves with the clock: that alone is nothing new. */
const progressOf = ({ eta: _, ...progress }: { readonly eta: unknown }): string => JSON.stringify(progress)

function unknown(id: string): never {
  throw missing(`There is no backfill ${id}.`)
}

/** IB: Historical Data Limitations: bars of 30 seconds or less are gone after six months. */
const OLDEST_MONTHS = 6

function checkedRange(range: TimeRange, now: EpochMs): TimeRange {
  const oldest = monthsBefore(now, OLDEST_MONTHS)
  if (range.from < oldest) {
    throw refusal([
      { path: '/from', message: `must not be before ${isoInstant(oldest)}: seconds are kept six months` },
    ])
  }
  if (range.from >= now) {
    throw refusal([
      { path: '/from', message: `must be before now, which is ${isoInstant(now)} on the market's clock` },
    ])
  }
  return range
}

function monthsBefore(at: EpochMs, months: number): EpochMs {
  const date = new Date(at)
  return epochMs(date.setUTCMonth(date.getUTCMonth() - months))
}

async function shown(deps: AppDeps, backfill: Backfill) {
  const [only] = await allShown(deps, [backfill])
  return only!
}

async function allShown({ backfills }: AppDeps, found: readonly Backfill[]) {
  const etas = await backfills.etas(found)
  return found.map(({ id, instrument, from, to, session, state, createdAt, chunks }, i) => ({
    id,
    symbol: instrument.symbol,
    from: isoInstant(from),
    to: isoInstant(to),
    session,
    state,
    createdAt: isoInstant(createdAt),
    chunks,
    eta: instantOrNull(etas[i]!),
  }))
}

import { listRevisions } from '../openapi/revisions.ts'
import { isoInstant } from '../src/market/time.ts'
import type { Revision } from '../src/ports/revisions.ts'
import type { AppDeps } from './deps.ts'
import { instantOrNull, rangeOf } from './instants.ts'
import { instrumentOf } from './instruments.ts'
import { limitOf, pageOf, timeAfter } from './page.ts'
import { type Route, route } from './route.ts'

export const revisionRoutes = ({ stores }: AppDeps): Route[] => [
  route(listRevisions).to(async ({ query }) => {
    const after = timeAfter('revisions', query)
    const instrument = await instrumentOf(stores, query.symbol)
    const bars = { instrument, size: query.size ?? '1s', ...rangeOf(query) } as const
    const limit = limitOf(query) + 1
    const found = await stores.revisions.list(bars, after === null ? { limit } : { limit, after })
    const { items, nextCursor } = pageOf('revisions', found, query, ({ id }) => String(id))
    const total = await stores.revisions.count(bars)
    return { status: 200, body: { items: items.map(shown), nextCursor, total } }
  }),
]

const shown = ({ id: _, before, marketTime, machineTime, ...revision }: Revision) => ({
  ...revision,
  before: { ...before, time: isoInstant(before.time) },
  marketTime: instantOrNull(marketTime),
  machineTime: isoInstant(machineTime),
})

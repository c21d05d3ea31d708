import { listEvents, streamEvents } from '../openapi/eventLog.ts'
import { eventBody } from '../src/events/body.ts'
import type { AppDeps } from './deps.ts'
import { indexAfter, limitOf, pageOf } from './page.ts'
import { type Route, route } from './route.ts'

export const eventRoutes = ({ stores, eventStreams }: AppDeps): Route[] => [
  route(listEvents).to(async ({ query }) => {
    const before = indexAfter('events', query)
    const found = await stores.events.list({
      limit: limitOf(query) + 1,
      ...(before === 0 ? {} : { before }),
      ...(query.types === undefined ? {} : { types: query.types }),
    })
    const { items, nextCursor } = pageOf('events', found, query, ({ sequence }) => String(sequence))
    return { status: 200, body: { items: items.map(eventBody), nextCursor } }
  }),
  route(streamEvents).to(async ({ query, lastEventId }) => {
    const after = lastEventId ?? query.after ?? null
    const live = await eventStreams.open({ after, types: query.types ?? null })
    return { status: 200, live }
  }),
]

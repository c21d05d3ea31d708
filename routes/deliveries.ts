import { listDeliveries, redeliver, testWebhook } from '../openapi/deliveries.ts'
import { isoInstant } from '../src/market/time.ts'
import type { WebhookDelivery } from '../src/ports/webhooks.ts'
import type { AppDeps } from './deps.ts'
import { instantOrNull } from './instants.ts'
import { keyAfter, limitOf, pageOf } from './page.ts'
import { type Route, route } from './route.ts'

export const deliveryRoutes = ({ webhooks, stores }: AppDeps): Route[] => [
  route(listDeliveries).to(async ({ params: { id }, query }) => {
    await webhooks.find(id)
    const after = keyAfter('deliveries', query)
    const limit = limitOf(query) + 1
    const found = await stores.webhooks.deliveries(id, { limit, ...(after === null ? {} : { after }) })
    const { items, nextCursor } = pageOf('deliveries', found, query, (delivery) => delivery.id)
    return { status: 200, body: { items: items.map(shown), nextCursor } }
  }),
  route(testWebhook).to(async ({ params: { id } }) => ({
    status: 202,
    body: shown(await webhooks.test(id)),
  })),
  route(redeliver).to(async ({ params: { id } }) => ({
    status: 202,
    body: shown(await webhooks.redeliver(id)),
  })),
]

const shown = ({ endpointId, eventId, attempts, createdAt, nextTry, ...delivery }: WebhookDelivery) => ({
  ...delivery,
  webhook: endpointId,
  event: eventId,
  response: attempts.at(-1)?.response ?? null,
  attempts: attempts.map(({ at, ...attempt }) => ({ ...attempt, at: isoInstant(at) })),
  createdAt: isoInstant(createdAt),
  nextTry: instantOrNull(nextTry),
})

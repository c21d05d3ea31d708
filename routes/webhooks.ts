import {
  addWebhook,
  changeWebhook,
  getWebhook,
  listWebhooks,
  removeWebhook,
  rotateWebhook,
} from '../openapi/webhooks.ts'
import { isoInstant } from '../src/market/time.ts'
import type { EventType } from '../src/ports/events.ts'
import type { WebhookEndpoint } from '../src/ports/webhooks.ts'
import type { AppDeps } from './deps.ts'
import { given } from './given.ts'
import { instantOrNull } from './instants.ts'
import { keyAfter, limitOf, pageOf } from './page.ts'
import { type Route, route } from './route.ts'

export const webhookRoutes = ({ webhooks, stores }: AppDeps): Route[] => [
  route(addWebhook).to(async ({ body: { url, events = ['*'], description = '' } }) => {
    const { endpoint, secret } = await webhooks.create({ url, events: typesOf(events), description })
    const headers = { Location: `/v1/webhooks/${endpoint.id}` }
    return { status: 201, headers, body: { ...shown(endpoint), secret } }
  }),
  route(listWebhooks).to(async ({ query }) => {
    const after = keyAfter('webhooks', query)
    const limit = limitOf(query) + 1
    const found = await stores.webhooks.list({ limit, ...(after === null ? {} : { after }) })
    const { items, nextCursor } = pageOf('webhooks', found, query, ({ id }) => id)
    return { status: 200, body: { items: items.map(shown), nextCursor } }
  }),
  route(getWebhook).to(async ({ params: { id } }) => ({
    status: 200,
    body: shown(await webhooks.find(id)),
  })),
  route(changeWebhook).to(async ({ params: { id }, body: { events, ...rest } }) => {
    const changes = { ...given(rest), ...(events === undefined ? {} : { events: typesOf(events) }) }
    return { status: 200, body: shown(await webhooks.change(id, changes)) }
  }),
  route(removeWebhook).to(async ({ params: { id } }) => {
    await webhooks.remove(id)
    return { status: 204, raw: '' }
  }),
  route(rotateWebhook).to(async ({ params: { id } }) => {
    const { endpoint, secret } = await webhooks.rotate(id)
    return { status: 200, body: { ...shown(endpoint), secret } }
  }),
]

const typesOf = (events: readonly (EventType | '*')[]): EventType[] | null =>
  events.includes('*') ? null : (events as EventType[])

const shown = ({ events, createdAt, previousSecretUntil, nextTry, ...endpoint }: WebhookEndpoint) => ({
  ...endpoint,
  events: events === null ? ['*'] : [...events],
  createdAt: isoInstant(createdAt),
  previousSecretUntil: instantOrNull(previousSecretUntil),
  nextTry: instantOrNull(nextTry),
})

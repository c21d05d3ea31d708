import { z } from 'zod'
import { eventType } from './events.ts'
import { count, id, utcInstant } from './fields.ts'
import { operation } from './operation.ts'
import { page, pageQuery } from './page.ts'
import { WEBHOOKS } from './webhooks.ts'

const response = z.int().nullable().describe('The status that was answered; null when there was no answer.')

const attempt = z.strictObject({
  at: utcInstant,
  durationMs: count,
  response,
  error: z.string().nullable().describe('Why it does not count as delivered.'),
})

const delivery = z
  .strictObject({
    id,
    webhook: id,
    event: id.describe('The id of the event; what `webhook-id` says.'),
    type: z.union([eventType, z.literal('webhook.test')]),
    sequence: z.int().nullable().describe('Of the event; null of a test.'),
    status: z
      .enum(['pending', 'delivered', 'failed', 'skipped'])
      .describe(
        '`failed`: a test that was not taken. What failed in its turn stays `pending` and is tried again.',
      ),
    response: response.describe('That of the newest attempt.'),
    attemptCount: count,
    attempts: z.array(attempt).describe('The newest 20, oldest first. What a receiver answers is not kept.'),
    createdAt: utcInstant.describe('Machine time, as all instants here.'),
    nextTry: utcInstant.nullable().describe('Null unless it has failed and is next.'),
  })
  .meta({ id: 'WebhookDelivery' })

const EXAMPLE = {
  id: 'dlv_0b3e4c1a5f0e4a529f0c6f3f5f1f8a11',
  webhook: 'whk_5f0e4a529f0c4c1a8a110b3e6f3f5f1f',
  event: 'evt_8a110b3e6f3f5f1f5f0e4a529f0c4c1a',
  type: 'trade.opened',
  sequence: 42,
  status: 'pending',
  response: 503,
  attemptCount: 1,
  attempts: [{ at: '2026-01-05T10:00:00Z', durationMs: 31, response: 503, error: 'it answered 503' }],
  createdAt: '2026-01-05T10:00:00Z',
  nextTry: '2026-01-05T10:00:05.400Z',
} as const

const params = z.strictObject({ id })
const accepted = (description: string) => ({
  202: { description, schema: delivery, example: EXAMPLE },
})

export const listDeliveries = operation({
  ...WEBHOOKS,
  method: 'get',
  path: '/v1/webhooks/{id}/deliveries',
  operationId: 'listDeliveries',
  summary: 'List what was sent, and what waits',
  description: 'Newest first. What is over is kept for 30 days, what waits for ever.',
  params,
  query: z.strictObject(pageQuery),
  answers: {
    200: {
      description: 'A page of deliveries.',
      schema: page(delivery, 'WebhookDeliveryPage'),
      example: { items: [EXAMPLE], nextCursor: null },
    },
  },
  problems: [400, 404, 503],
})

export const testWebhook = operation({
  ...WEBHOOKS,
  method: 'post',
  path: '/v1/webhooks/{id}/test',
  operationId: 'testWebhook',
  summary: 'Send a test',
  description:
    'An event of type `webhook.test` and sequence 0 is sent once, whatever the state of the webhook; the list of deliveries says what became of it.',
  params,
  answers: accepted('It is on its way.'),
  problems: [404, 503],
})

export const redeliver = operation({
  ...WEBHOOKS,
  method: 'post',
  path: '/v1/deliveries/{id}/redeliver',
  operationId: 'redeliver',
  summary: 'Send an event again',
  description:
    'Once, with the same `webhook-id`, between those that are delivered in order. What is pending waits for its turn (409), unless it is next: then it is tried now.',
  params,
  answers: accepted('It is on its way.'),
  problems: [404, 409, 503],
})

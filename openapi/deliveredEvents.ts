import type { ParameterObject, PathItemObject, ResponsesObject } from 'openapi3-ts/oas31'
import { EVENT_BODIES, EVENT_TYPES, EVENTS } from './events.ts'
import type { SchemaCollector } from './jsonSchema.ts'

/** What a receiver is sent for each type of event, as the document says it. */
export const deliveries = (schemas: SchemaCollector): [string, PathItemObject][] =>
  EVENT_TYPES.map((type) => [
    type,
    {
      post: {
        operationId: `receive${type.replace(/(^|[._])(\w)/g, (_, __, letter: string) => letter.toUpperCase())}`,
        tags: ['Notifications'],
        summary: EVENTS[type].told,
        security: [],
        parameters: SIGNED,
        requestBody: {
          required: true,
          content: { 'application/json': { schema: schemas.describe(EVENT_BODIES[type], 'output') } },
        },
        responses: RECEIPTS,
      },
    },
  ])

const header = (name: string, description: string): ParameterObject => ({
  name,
  in: 'header',
  required: true,
  description,
  schema: { type: 'string' },
})

/** Standard Webhooks 1.0. */
const SIGNED: ParameterObject[] = [
  header('webhook-id', 'The id of the event. A repetition has the same: whoever has seen it may leave it.'),
  header(
    'webhook-timestamp',
    'Seconds since 1970 of this attempt, in real time. Refuse what is 5 minutes off.',
  ),
  header(
    'webhook-signature',
    '`v1,` and the base64 of the HMAC-SHA-256 of `id.timestamp.body` under the secret; several, separated by spaces, while a secret is being changed.',
  ),
]

const RECEIPTS: ResponsesObject = {
  '2XX': { description: 'Taken: the next event follows.' },
  '410': { description: 'Nothing is wanted any more: the endpoint is disabled.' },
  '429': { description: 'Too fast: `Retry-After` is heeded up to a day, as it is beside 502, 503 and 504.' },
  default: {
    description:
      'Not taken: sent again after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h. Redirects are not followed.',
  },
}

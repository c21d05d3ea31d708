import { z } from 'zod'
import { EVENT_TYPES } from './events.ts'
import { count, id, known, utcInstant } from './fields.ts'
import { operation } from './operation.ts'
import { page, pageQuery } from './page.ts'

export const WEBHOOKS = { tag: 'Notifications', access: 'write' } as const

const url = z
  .string()
  .min(1)
  .max(2_048)
  .meta({ examples: ['https://hooks.example.com/trades'] })
  .describe(
    'Where events are posted to: https, port 443, a public address. `WEBHOOK_ALLOW` opens plain http, ranges and ports.',
  )

const wanted = z
  .array(known(['*', ...EVENT_TYPES]))
  .min(1)
  .max(EVENT_TYPES.length + 1)
  .refine((all) => new Set(all).size === all.length, 'names a type twice')
  .refine((all) => !all.includes('*') || all.length === 1, '* stands for all, and alone')

const description = z.string().max(500)

const state = z.enum(['enabled', 'paused', 'disabled'])

const fields = {
  id,
  url: z.string(),
  events: z.array(z.string()).describe('Types of events, or `*` alone for all.'),
  description: z.string(),
  state: state.describe(
    '`paused`: ten tries in 75 hours have failed; what happens is kept, and `PATCH` with `enabled` goes on with the event that failed. `disabled`: by request, or because the receiver answered 410; what happens meanwhile is not kept.',
  ),
  reason: z.string().nullable().describe('Why it is not enabled.'),
  createdAt: utcInstant.describe('Machine time, as all instants here.'),
  previousSecretUntil: utcInstant
    .nullable()
    .describe('Until when the secret before the last rotation signs as well.'),
  pending: count.describe('Deliveries that wait.'),
  nextTry: utcInstant.nullable().describe('When the oldest of them is tried again; null when none failed.'),
}

const webhook = z.strictObject(fields).meta({ id: 'Webhook' })

const newWebhook = z
  .strictObject({
    ...fields,
    secret: z.string().describe('What signatures are made with. It is shown here and never again.'),
  })
  .meta({ id: 'NewWebhook' })

const request = z
  .strictObject({
    url,
    events: wanted.optional().meta({ default: ['*'] }),
    description: description.optional().meta({ default: '' }),
  })
  .meta({ id: 'WebhookRequest' })

const patch = z
  .strictObject({
    url: url.optional(),
    events: wanted.optional(),
    description: description.optional(),
    state: z.enum(['enabled', 'disabled']).optional(),
    skip: id
      .optional()
      .describe('The oldest pending delivery, to be passed over: one that its receiver will never take.'),
  })
  .meta({ id: 'WebhookPatch' })

const EXAMPLE = {
  id: 'whk_5f0e4a529f0c4c1a8a110b3e6f3f5f1f',
  url: 'https://hooks.example.com/trades',
  events: ['trade.opened', 'trade.closed'],
  description: 'the journal',
  state: 'enabled',
  reason: null,
  createdAt: '2026-01-05T10:00:00Z',
  previousSecretUntil: null,
  pending: 0,
  nextTry: null,
} as const

const NEW_EXAMPLE = { ...EXAMPLE, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwKQ0Zz3uYx0w=' } as const

const params = z.strictObject({ id })
const shown = { 200: { description: 'The webhook as it is now.', schema: webhook, example: EXAMPLE } }

export const addWebhook = operation({
  ...WEBHOOKS,
  method: 'post',
  path: '/v1/webhooks',
  operationId: 'addWebhook',
  summary: 'Have events posted to a URL',
  description:
    'Each event from now on is posted, signed by Standard Webhooks, in order and one at a time; see `webhooks` of this document for the bodies. The name is resolved, and must lead to public addresses alone.',
  body: request,
  bodyExample: { url: EXAMPLE.url, events: [...EXAMPLE.events], description: EXAMPLE.description },
  idempotent: true,
  secretAnswer: true,
  answers: {
    201: {
      description: 'The webhook, with its secret.',
      schema: newWebhook,
      example: NEW_EXAMPLE,
      headers: { Location: 'Where it can be read.' },
    },
  },
  problems: [409, 503],
})

export const listWebhooks = operation({
  ...WEBHOOKS,
  method: 'get',
  path: '/v1/webhooks',
  operationId: 'listWebhooks',
  summary: 'List the webhooks',
  description: 'Newest first.',
  query: z.strictObject(pageQuery),
  answers: {
    200: {
      description: 'A page of webhooks.',
      schema: page(webhook, 'WebhookPage'),
      example: { items: [EXAMPLE], nextCursor: null },
    },
  },
  problems: [400, 503],
})

export const getWebhook = operation({
  ...WEBHOOKS,
  method: 'get',
  path: '/v1/webhooks/{id}',
  operationId: 'getWebhook',
  summary: 'Read a webhook',
  params,
  answers: shown,
  problems: [404, 503],
})

export const changeWebhook = operation({
  ...WEBHOOKS,
  method: 'patch',
  path: '/v1/webhooks/{id}',
  operationId: 'changeWebhook',
  summary: 'Change, pause, resume or go past',
  description:
    'What is left out stays. `enabled` begins the schedule of the oldest pending delivery anew. A new URL is tried at once; other types count from the next event on.',
  params,
  body: patch,
  bodyExample: { state: 'enabled' },
  answers: shown,
  problems: [404, 409, 503],
})

export const removeWebhook = operation({
  ...WEBHOOKS,
  method: 'delete',
  path: '/v1/webhooks/{id}',
  operationId: 'removeWebhook',
  summary: 'Remove a webhook and its deliveries',
  params,
  answers: { 204: { description: 'It is gone.', schema: null } },
  problems: [404, 503],
})

export const rotateWebhook = operation({
  ...WEBHOOKS,
  method: 'post',
  path: '/v1/webhooks/{id}/rotate',
  operationId: 'rotateWebhook',
  summary: 'Give a webhook a new secret',
  description: 'For 24 hours everything is signed with both, so that the receiver can change over.',
  params,
  idempotent: true,
  secretAnswer: true,
  answers: {
    200: { description: 'The webhook, with its new secret.', schema: newWebhook, example: NEW_EXAMPLE },
  },
  problems: [404, 503],
})

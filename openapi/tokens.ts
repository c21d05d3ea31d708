import { z } from 'zod'
import { id, instant, utcInstant } from './fields.ts'
import { operation } from './operation.ts'
import { page, pageQuery } from './page.ts'

const SHARED = { tag: 'Access', access: 'admin' } as const

export const scope = z.enum(['read', 'trade', 'admin']).meta({
  id: 'Scope',
  description:
    '`read` to look, and to run backtests · `trade` to change what is collected, stored or traded, and for webhooks · `admin` for tokens and the audit log. None implies another.',
})

const scopes = z
  .array(scope)
  .min(1)
  .max(3)
  .refine((all) => new Set(all).size === all.length, 'names a scope twice')

const name = z.string().trim().min(1).max(100)

const fields = {
  id,
  name,
  scopes: z.array(scope),
  createdAt: utcInstant.describe('Machine time, as all instants here.'),
  expiresAt: utcInstant.nullable().describe('Null for never.'),
  lastUsedAt: utcInstant.nullable().describe('To the minute; null before the first use.'),
  revokedAt: utcInstant.nullable(),
}

const token = z.strictObject(fields).meta({ id: 'Token' })

const newToken = z
  .strictObject({
    ...fields,
    token: z.string().describe('What goes into `Authorization: Bearer`. It is shown here and never again.'),
  })
  .meta({ id: 'NewToken' })

const request = z
  .strictObject({
    name: name.describe('For people, to know it again.'),
    scopes,
    expiresAt: instant.nullable().optional().describe('In the future; null or left out for never.'),
  })
  .meta({ id: 'TokenRequest' })

const EXAMPLE = {
  id: '0b3e4c1a-5f0e-4a52-9f0c-6f3f5f1f8a11',
  name: 'dashboard',
  scopes: ['read'],
  createdAt: '2026-01-05T10:00:00Z',
  expiresAt: null,
  lastUsedAt: null,
  revokedAt: null,
} as const

export const addToken = operation({
  ...SHARED,
  method: 'post',
  path: '/v1/tokens',
  operationId: 'addToken',
  summary: 'Make a token',
  description:
    'The answer alone shows the secret: what is kept is a hash of it. With an `Idempotency-Key` the stored answer is encrypted under the token that asked, so only that token is shown it again.',
  body: request,
  bodyExample: { name: 'dashboard', scopes: ['read'] },
  idempotent: true,
  secretAnswer: true,
  answers: {
    201: {
      description: 'The token with its secret.',
      schema: newToken,
      example: { ...EXAMPLE, token: 'ipe_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAexample' },
    },
  },
  problems: [409, 503],
})

export const listTokens = operation({
  ...SHARED,
  method: 'get',
  path: '/v1/tokens',
  operationId: 'listTokens',
  summary: 'List the tokens, newest first',
  query: z.strictObject(pageQuery),
  answers: {
    200: {
      description: 'A page of tokens, revoked ones included.',
      schema: page(token, 'TokenPage'),
      example: { items: [EXAMPLE], nextCursor: null },
    },
  },
  problems: [400, 503],
})

export const revokeToken = operation({
  ...SHARED,
  method: 'delete',
  path: '/v1/tokens/{id}',
  operationId: 'revokeToken',
  summary: 'Revoke a token',
  description:
    'Within a second no process takes it any more. It stays in the list. When the token of `DATA_DIR/token` is revoked, remove that file: the next start makes another.',
  params: z.strictObject({ id }),
  answers: { 200: { description: 'The token, revoked.', schema: token, example: EXAMPLE } },
  problems: [404, 503],
})

import { addToken, listTokens, revokeToken } from '../openapi/tokens.ts'
import { missing } from '../src/errors.ts'
import { isoInstant, parseInstant } from '../src/market/time.ts'
import type { Token } from '../src/ports/tokens.ts'
import type { AppDeps } from './deps.ts'
import { instantOrNull } from './instants.ts'
import { keyAfter, limitOf, pageOf } from './page.ts'
import { refusal } from './problem.ts'
import { type Route, route } from './route.ts'

export const tokenRoutes = ({ tokens, stores, machine }: AppDeps): Route[] => [
  route(addToken).to(async ({ body: { expiresAt: text = null, ...asked } }) => {
    const expiresAt = text === null ? null : parseInstant(text)
    if (expiresAt !== null && expiresAt <= machine.now()) {
      throw refusal([{ path: '/expiresAt', message: 'must lie in the future' }])
    }
    const { token, secret } = await tokens.issue({ ...asked, expiresAt })
    return { status: 201, body: { ...shown(token), token: secret } }
  }),
  route(listTokens).to(async ({ query }) => {
    const after = keyAfter('tokens', query)
    const limit = limitOf(query) + 1
    const found = await stores.tokens.list({ limit, ...(after === null ? {} : { after }) })
    const { items, nextCursor } = pageOf('tokens', found, query, ({ id }) => id)
    return { status: 200, body: { items: items.map(shown), nextCursor } }
  }),
  route(revokeToken).to(async ({ params: { id } }) => {
    const revoked = await tokens.revoke(id)
    if (revoked === null) throw missing(`There is no token ${id}.`)
    return { status: 200, body: shown(revoked) }
  }),
]

const shown = ({ scopes, createdAt, expiresAt, lastUsedAt, revokedAt, ...token }: Token) => ({
  ...token,
  scopes: [...scopes],
  createdAt: isoInstant(createdAt),
  expiresAt: instantOrNull(expiresAt),
  lastUsedAt: instantOrNull(lastUsedAt),
  revokedAt: instantOrNull(revokedAt),
})

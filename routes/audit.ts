import { listAudit } from '../openapi/audit.ts'
import { isoInstant } from '../src/market/time.ts'
import type { AuditEntry } from '../src/ports/audit.ts'
import type { AppDeps } from './deps.ts'
import { indexAfter, limitOf, pageOf } from './page.ts'
import { type Route, route } from './route.ts'

export const auditRoutes = ({ stores }: AppDeps): Route[] => [
  route(listAudit).to(async ({ query }) => {
    const before = indexAfter('audit', query)
    const limit = limitOf(query) + 1
    const found = await stores.audit.list({ limit, ...(before === 0 ? {} : { before }) })
    const { items, nextCursor } = pageOf('audit', found, query, ({ sequence }) => String(sequence))
    return { status: 200, body: { items: items.map(shown), nextCursor } }
  }),
]

const shown = ({ at, before, after, ...entry }: AuditEntry) => ({
  ...entry,
  time: isoInstant(at),
  traderBefore: before,
  traderAfter: after,
})

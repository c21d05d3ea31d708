import { desc, lt } from 'drizzle-orm'
import type { AuditEntry, AuditFields, AuditHead, AuditStore } from '../src/ports/audit.ts'
import { linked, NOTHING } from './auditChain.ts'
import { LOCK_SPACE, LOCKS } from './locks.ts'
import { audit } from './schema.ts'
import type { Session } from './session.ts'

export const auditStore = (session: Session): AuditStore => ({
  append: (fields) => append(session, fields),
  list: ({ limit, before }) => list(session, limit, before),
  head: () => head(session),
})

/** The lock lasts until the commit, and is taken by a statement of its own: the next one sees the newest entry. */
async function append(session: Session, fields: AuditFields): Promise<AuditEntry> {
  return session.atomically(async (transaction) => {
    await transaction.rows('select pg_advisory_xact_lock($1, $2)', [LOCK_SPACE, LOCKS.audit])
    const entry = linked((await head(transaction)) ?? NOTHING, fields)
    await transaction.orm.insert(audit).values(entry)
    return entry
  })
}

async function head({ orm }: Session): Promise<AuditHead | null> {
  const { sequence, hash } = audit
  const [newest] = await orm.select({ sequence, hash }).from(audit).orderBy(desc(sequence)).limit(1)
  return newest ?? null
}

const list = ({ orm }: Session, limit: number, before?: number): Promise<AuditEntry[]> =>
  orm
    .select()
    .from(audit)
    .where(before === undefined ? undefined : lt(audit.sequence, before))
    .orderBy(desc(audit.sequence))
    .limit(limit)

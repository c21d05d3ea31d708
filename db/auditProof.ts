import { asc, gt } from 'drizzle-orm'
import type { AuditEntry, AuditHead } from '../src/ports/audit.ts'
import { hashOf, NOTHING } from './auditChain.ts'
import { audit } from './schema.ts'
import type { Session } from './session.ts'

/** What a look at the whole chain has found: its last whole entry, and the first fault after it. */
export interface AuditProof {
  readonly head: AuditHead
  readonly fault: { readonly sequence: number; readonly reason: string } | null
}

/**
 * Follows the chain from its first entry. `heads` are what was told of it outside the database: an end that is cut
 * off shows in them alone.
 */
export async function proveAudit(session: Session, heads: readonly AuditHead[]): Promise<AuditProof> {
  const told = new Map(heads.map((head) => [head.sequence, head.hash]))
  let head: AuditHead = NOTHING
  for await (const entry of entries(session)) {
    const reason = faultOf(entry, head, told)
    if (reason !== null) return { head, fault: { sequence: head.sequence + 1, reason } }
    head = entry
  }
  const last = Math.max(0, ...told.keys())
  if (last <= head.sequence) return { head, fault: null }
  return { head, fault: { sequence: head.sequence + 1, reason: `is missing, and entry ${last} was told of` } }
}

function faultOf(entry: AuditEntry, head: AuditHead, told: ReadonlyMap<number, string>): string | null {
  if (entry.sequence !== head.sequence + 1) return `is missing: entry ${entry.sequence} follows`
  if (entry.previous !== head.hash) return 'does not follow the entry before it'
  if (entry.hash !== hashOf(entry)) return 'is not what was written: its hash differs'
  if ((told.get(entry.sequence) ?? entry.hash) !== entry.hash) return 'is not the one that was told of'
  return null
}

const PAGE = 1_000

async function* entries({ orm }: Session): AsyncGenerator<AuditEntry> {
  for (let last = Number.MIN_SAFE_INTEGER; ; ) {
    const page: AuditEntry[] = await orm
      .select()
      .from(audit)
      .where(gt(audit.sequence, last))
      .orderBy(asc(audit.sequence))
      .limit(PAGE)
    yield* page
    if (page.length < PAGE) return
    last = page.at(-1)!.sequence
  }
}

import { createHash } from 'node:crypto'
import type { AuditEntry, AuditFields, AuditHead } from '../src/ports/audit.ts'

/** What the first entry follows. */
export const NOTHING: AuditHead = { sequence: 0, hash: '0'.repeat(64) }

/** The entry that follows `head`. */
export function linked(head: AuditHead, fields: AuditFields): AuditEntry {
  const entry = { ...fields, sequence: head.sequence + 1, previous: head.hash }
  return { ...entry, hash: hashOf(entry) }
}

/** In the order in which they are hashed. */
const NAMES = [
  ...(['sequence', 'previous', 'at', 'kind', 'actor', 'scope', 'address', 'operation'] as const),
  ...(['method', 'path', 'bodyHash', 'status', 'asked', 'before', 'after'] as const),
] satisfies (keyof AuditEntry)[]

/** SHA-256 of the values as an array of JSON, which says where each of them ends. */
export const hashOf = (entry: Omit<AuditEntry, 'hash'>): string =>
  createHash('sha256')
    .update(JSON.stringify(NAMES.map((name) => entry[name])))
    .digest('hex')

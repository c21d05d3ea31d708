import { linked, NOTHING } from '../../../db/auditChain.ts'
import type { AuditEntry, AuditStore } from '../../../src/ports/audit.ts'
import { type Journal, Table } from './table.ts'

export function memoryAudit(journal: Journal): AuditStore {
  const entries = new Table<number, AuditEntry>('audit', journal)
  const newestFirst = () => entries.rows().sort((a, b) => b.sequence - a.sequence)
  return {
    async append(fields) {
      const entry = linked(newestFirst()[0] ?? NOTHING, fields)
      entries.set(entry.sequence, entry)
      return entry
    },
    list: async ({ limit, before = Number.POSITIVE_INFINITY }) =>
      newestFirst()
        .filter(({ sequence }) => sequence < before)
        .slice(0, limit),
    async head() {
      const [newest] = newestFirst()
      return newest === undefined ? null : { sequence: newest.sequence, hash: newest.hash }
    },
  }
}

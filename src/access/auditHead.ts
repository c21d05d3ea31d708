import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type EpochMs, isoInstant } from '../market/time.ts'
import type { AuditStore } from '../ports/audit.ts'

/** A line for each head that was told: instant, sequence and hash. An end that is cut off the log shows in it alone. */
const AUDIT_HEAD = 'audit-head'

/** Writes down where the audit log ends now, outside of the database. Resolves with what it has written. */
export async function tellAuditHead(audit: AuditStore, dataDir: string, now: EpochMs): Promise<string> {
  const head = await audit.head()
  if (head === null) return 'the audit log is empty'
  const line = `${head.sequence} ${head.hash}`
  await appendFile(join(dataDir, AUDIT_HEAD), `${isoInstant(now)} ${line}\n`, { mode: 0o600 })
  return line
}

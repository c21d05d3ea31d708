import { tellAuditHead } from '../src/access/auditHead.ts'
import type { Clock } from '../src/market/time.ts'
import type { AuditStore } from '../src/ports/audit.ts'
import type { ScheduledJob } from './schedule.ts'

export interface AuditHeadDeps {
  readonly audit: AuditStore
  readonly dataDir: string
  readonly machine: Clock
}

/** Once a day, and when a person asks for it. */
export const tellAuditHeadJob = ({ audit, dataDir, machine }: AuditHeadDeps): ScheduledJob => ({
  name: 'tell-audit-head',
  pattern: '0 5 0 * * *',
  run: () => tellAuditHead(audit, dataDir, machine.now()),
})

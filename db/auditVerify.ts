import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { invalid } from '../src/errors.ts'
import { createLog } from '../src/log.ts'
import type { AuditHead } from '../src/ports/audit.ts'
import { type AuditProof, proveAudit } from './auditProof.ts'
import { openPool } from './connect.ts'
import { guarded } from './errors.ts'
import { atDatabase, conclude, dataDir } from './maintenance.ts'
import { migrate } from './migrate.ts'
import { poolSession } from './session.ts'

// `npm run audit:verify`: follows the chain of the audit log, beside a running service or without one, and compares it
// with the heads in DATA_DIR/audit-head. 1 and the first entry that is wrong when something was changed or taken out.
const log = createLog('warn')

const HEAD = /^\S+ (\d{1,15}) ([\da-f]{64})$/

async function toldHeads(path: string): Promise<AuditHead[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line, i) => {
      const [, sequence, hash] = HEAD.exec(line) ?? []
      if (hash === undefined) throw invalid(`${path}: line ${i + 1} tells of no head`)
      return { sequence: Number(sequence), hash }
    })
}

async function proveAt(url: string): Promise<AuditProof> {
  const heads = await toldHeads(join(dataDir(), 'audit-head'))
  await migrate({ url, log })
  const pool = openPool({ url, purpose: 'jobs', log })
  const { prove } = guarded({ prove: () => proveAudit(poolSession(pool), heads) })
  return prove().finally(() => pool.end())
}

await conclude(async () => {
  const { head, fault } = await atDatabase(log, proveAt, { joins: true })
  if (fault === null) {
    console.log(`The audit log is whole: ${head.sequence} entries, the last ${head.hash}.`)
  } else {
    console.error(`Entry ${fault.sequence} of the audit log ${fault.reason}.`)
    process.exitCode = 1
  }
})

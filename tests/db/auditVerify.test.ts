import { execFile } from 'node:child_process'
import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { tellAuditHead } from '../../src/access/auditHead.ts'
import { plus } from '../../src/market/time.ts'
import type { AuditFields } from '../../src/ports/audit.ts'
import { NOW } from '../openapi/memory.ts'
import { testDatabase } from '../support/database.ts'
import { temporaryFolder } from '../support/processes.ts'

const { url, pool, stores, drop } = await testDatabase()
const { path: dataDir, remove } = await temporaryFolder()
afterAll(async () => {
  await drop()
  await remove()
})

const fields: AuditFields = {
  ...{ at: NOW, kind: 'refused', actor: null, scope: null, address: '127.0.0.1', operation: null },
  ...{ method: 'POST', path: '/', bodyHash: null, status: 401, asked: null, before: null, after: null },
}

const SCRIPT = fileURLToPath(new URL('../../dist/db/auditVerify.js', import.meta.url))

/** The command, as a process of its own: `npm run build` comes before the tests. */
const verify = () =>
  new Promise<{ code: number; text: string }>((resolve) => {
    const env = { ...process.env, DATABASE_URL: url, DATA_DIR: dataDir }
    execFile(process.execPath, [SCRIPT], { env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), text: `${stdout}${stderr}`.trim() }),
    )
  })

test('the command says that the log is whole, and once it is not, where', async () => {
  for (let i = 0; i < 3; i++) await stores.audit.append(fields)
  const { hash } = (await stores.audit.head())!
  expect(await verify()).toEqual({ code: 0, text: `The audit log is whole: 3 entries, the last ${hash}.` })

  await tellAuditHead(stores.audit, dataDir, NOW)
  await pool.query('alter table audit disable trigger user; delete from audit where sequence = 3')
  expect(await verify()).toEqual({
    code: 1,
    text: 'Entry 3 of the audit log is missing, and entry 3 was told of.',
  })
  await pool.query("update audit set address = '10.0.0.1' where sequence = 2")
  expect(await verify()).toEqual({
    code: 1,
    text: 'Entry 2 of the audit log is not what was written: its hash differs.',
  })
})

test('heads are told line by line, and a line that tells of none is named', async () => {
  await tellAuditHead(stores.audit, dataDir, plus(NOW, 86_400_000))
  const file = join(dataDir, 'audit-head')
  const lines = (await readFile(file, 'utf8')).trim().split('\n')
  expect(lines).toHaveLength(2)
  expect(lines[1]).toMatch(/^2013-10-10T14:00:00Z 2 [\da-f]{64}$/)
  await appendFile(file, 'nonsense\n')
  expect(await verify()).toMatchObject({ code: 1, text: expect.stringContaining('line 3 tells of no head') })
})

import { beforeAll, expect, test } from 'vitest'
import { NOTHING } from '../../db/auditChain.ts'
import { proveAudit } from '../../db/auditProof.ts'
import { poolSession, transactionOn } from '../../db/session.ts'
import { inTransaction } from '../../db/transaction.ts'
import type { AuditEntry, AuditFields, AuditHead } from '../../src/ports/audit.ts'
import { NOW } from '../openapi/memory.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

const ENTRIES = 12

const fieldsOf = (n: number): AuditFields => ({
  at: NOW,
  kind: n % 2 === 1 ? 'asked' : 'answered',
  actor: 'token-1',
  scope: 'trade',
  address: '127.0.0.1',
  operation: 'changeTrader',
  method: 'PUT',
  path: '/v1/trader',
  bodyHash: 'ab'.repeat(32),
  status: n % 2 === 1 ? null : 200,
  asked: n % 2 === 1 ? null : n - 1,
  before: 'active',
  after: n % 2 === 1 ? null : 'halted',
})

let database: TestDatabase
let entries: AuditEntry[]

beforeAll(async () => {
  database = await testDatabase()
  for (let n = 1; n <= ENTRIES; n++) await database.stores.audit.append(fieldsOf(n))
  entries = (await database.stores.audit.list({ limit: 99 })).reverse()
  return database.drop
})

const prove = (heads: AuditHead[] = []) => proveAudit(poolSession(database.pool), heads)

class UndoIt extends Error {}

/** What is found after somebody who may do everything has done `statement`, which is then taken back. */
async function faultAfter(statement: string, heads: AuditHead[] = []) {
  let fault: { sequence: number; reason: string } | null = null
  const tampering = inTransaction(database.pool, async (client) => {
    await client.query('alter table audit disable trigger user')
    const { rowCount } = await client.query(statement)
    expect(rowCount).toBeGreaterThan(0)
    fault = (await proveAudit(transactionOn(client), heads)).fault
    throw new UndoIt()
  })
  await expect(tampering).rejects.toThrow(UndoIt)
  return fault as { sequence: number; reason: string } | null
}

test('a log that nobody has touched is whole', async () => {
  const last = entries.at(-1)!
  expect(await prove([{ sequence: 5, hash: entries[4]!.hash }])).toEqual({
    head: expect.objectContaining({ sequence: ENTRIES, hash: last.hash }),
    fault: null,
  })
})

test.each([
  "update audit set path = '/' where sequence = 3",
  'delete from audit where sequence = 3',
  'truncate audit',
])('the database refuses: %s', async (statement) => {
  await expect(database.pool.query(statement)).rejects.toThrow(/audit is a journal: \w+ is refused/)
})

/** A statement for each column, so that a column that is added later is tried too. */
const COLUMNS: Record<keyof AuditEntry, string> = {
  sequence: 'sequence = 99',
  at: "at = at + interval '1 ms'",
  kind: "kind = 'refused'",
  actor: 'actor = null',
  scope: "scope = 'admin'",
  address: "address = '127.0.0.2'",
  operation: "operation = ''",
  method: "method = 'put'",
  path: "path = path || '/'",
  bodyHash: "body_hash = replace(body_hash, 'a', 'b')",
  status: 'status = coalesce(status, 0) + 1',
  asked: 'asked = coalesce(asked, 0) + 1',
  before: 'before = null',
  after: "after = coalesce(after, '') || 'x'",
  previous: "previous = repeat('1', 64)",
  hash: "hash = repeat('1', 64)",
}

for (const [column, change] of Object.entries(COLUMNS)) {
  test.each([1, 2, 7, ENTRIES])(`a changed ${column} of entry %i is found there`, async (sequence) => {
    const fault = await faultAfter(`update audit set ${change} where sequence = ${sequence}`, [
      { sequence: ENTRIES, hash: entries.at(-1)!.hash },
    ])
    expect(fault).toMatchObject({ sequence })
  })
}

test.each([1, 2, 7, 11])('entry %i, taken out, is missed', async (sequence) => {
  const fault = await faultAfter(`delete from audit where sequence = ${sequence}`)
  expect(fault).toEqual({ sequence, reason: `is missing: entry ${sequence + 1} follows` })
})

test('two entries that change places are found', async () => {
  const swapped = 'update audit set sequence = -sequence where sequence in (4, 5)'
  expect(await faultAfter(swapped)).toMatchObject({ sequence: 1 })
})

test.each([1, 9, 12])('an end that is cut off at entry %i is missed by what was told of it', async (from) => {
  const cut = `delete from audit where sequence >= ${from}`
  expect(await faultAfter(cut)).toBeNull()
  const told = [{ sequence: ENTRIES, hash: entries.at(-1)!.hash }]
  expect(await faultAfter(cut, told)).toEqual({
    sequence: from,
    reason: `is missing, and entry ${ENTRIES} was told of`,
  })
})

test('a whole log that is written anew differs from what was told of it', async () => {
  const told = [{ sequence: 4, hash: NOTHING.hash }]
  expect((await prove(told)).fault).toEqual({ sequence: 4, reason: 'is not the one that was told of' })
})

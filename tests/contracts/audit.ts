import { beforeEach, expect, test } from 'vitest'
import { parseInstant } from '../../src/market/time.ts'
import type { AuditFields, AuditStore } from '../../src/ports/audit.ts'

const fields: AuditFields = {
  at: parseInstant('2026-01-05T10:00:00.125Z'),
  kind: 'answered',
  actor: 'token-1',
  scope: 'trade',
  address: '127.0.0.1',
  operation: 'addBackfill',
  method: 'POST',
  path: '/v1/backfills',
  bodyHash: 'ab'.repeat(32),
  status: 202,
  asked: 1,
  before: 'active',
  after: 'halted',
}

const NOTHING: AuditFields = {
  ...{ at: fields.at, kind: 'refused', actor: null, scope: null, address: null, operation: null },
  ...{ method: 'DELETE', path: '/', bodyHash: null, status: null, asked: null, before: null, after: null },
}

/** What any audit log does. `open` gives an empty one. */
export function auditStoreContract(open: () => Promise<AuditStore>): void {
  let store: AuditStore
  beforeEach(async () => {
    store = await open()
  })

  test('each entry follows the one before it, and is kept as it was told', async () => {
    expect(await store.head()).toBeNull()
    const first = await store.append(fields)
    const second = await store.append(NOTHING)
    expect(first).toMatchObject({ ...fields, sequence: 1, previous: '0'.repeat(64) })
    expect(second).toMatchObject({ ...NOTHING, sequence: 2, previous: first.hash })
    expect(second.hash).toMatch(/^[\da-f]{64}$/)
    expect(await store.list({ limit: 9 })).toEqual([second, first])
    expect(await store.head()).toEqual({ sequence: 2, hash: second.hash })
  })

  test('the newest come first, page by page', async () => {
    for (let i = 0; i < 5; i++) await store.append(fields)
    const sequences = async (page: { limit: number; before?: number }) =>
      (await store.list(page)).map(({ sequence }) => sequence)
    expect(await sequences({ limit: 2 })).toEqual([5, 4])
    expect(await sequences({ limit: 9, before: 4 })).toEqual([3, 2, 1])
  })

  test('of many at once none has the place of another', async () => {
    await Promise.all(Array.from({ length: 20 }, () => store.append(fields)))
    const entries = (await store.list({ limit: 99 })).reverse()
    expect(entries.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    for (const [i, { previous }] of entries.entries()) {
      expect(previous).toBe(i === 0 ? '0'.repeat(64) : entries[i - 1]!.hash)
    }
  })
}

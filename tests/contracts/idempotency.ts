import { beforeAll, expect, test } from 'vitest'
import type { IdempotencyStore } from '../../src/ports/idempotency.ts'

const answer = { bodyHash: 'abc', status: 201, body: '{"id":1}' }

/** What any store of idempotency keys does. `open` gives an empty one. */
export function idempotencyStoreContract(open: () => Promise<IdempotencyStore>): void {
  let store: IdempotencyStore

  beforeAll(async () => {
    store = await open()
  })

  test('a saved answer is found under its route and key only', async () => {
    expect(await store.find('POST /v1/backfills', 'k1')).toBeNull()
    expect(await store.save('POST /v1/backfills', 'k1', answer)).toBe(true)
    expect(await store.find('POST /v1/backfills', 'k1')).toEqual(answer)
    expect(await store.find('POST /v1/instruments', 'k1')).toBeNull()
    expect(await store.find('POST /v1/backfills', 'k2')).toBeNull()
  })

  test('of several answers under one key the first is kept', async () => {
    const saves = [201, 202, 203, 204].map((status) => store.save('route', 'key', { ...answer, status }))
    const kept = (await Promise.all(saves)).indexOf(true)
    expect(await store.find('route', 'key')).toEqual({ ...answer, status: 201 + kept })
    expect((await Promise.all(saves)).filter(Boolean)).toHaveLength(1)
  })
}

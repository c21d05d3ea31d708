import { beforeAll, expect, test } from 'vitest'
import type { IdempotencyStore } from '../../src/ports/idempotency.ts'

const ROUTE = 'POST /v1/backfills'
const answer = { status: 201, body: '{"id":1}' }

/** What any store of idempotency keys does. `open` gives an empty one. */
export function idempotencyStoreContract(open: () => Promise<IdempotencyStore>): void {
  let store: IdempotencyStore

  beforeAll(async () => {
    store = await open()
  })

  test('every attempt of a request is for the same subject, until it is answered', async () => {
    const first = await store.begin(ROUTE, 'k1', 'abc')
    expect(first).toMatchObject({ bodyHash: 'abc', answer: null, subject: expect.stringMatching(/./) })
    expect(await store.begin(ROUTE, 'k1', 'abc')).toEqual(first)
    expect(await store.finish(ROUTE, 'k1', answer)).toBe(true)
    expect(await store.begin(ROUTE, 'k1', 'abc')).toEqual({ ...first, answer })
  })

  test('another route or another key is another request', async () => {
    const { subject } = await store.begin(ROUTE, 'k1', 'abc')
    expect(await store.begin('POST /v1/instruments', 'k1', 'abc')).toMatchObject({ answer: null })
    expect((await store.begin(ROUTE, 'k2', 'abc')).subject).not.toBe(subject)
  })

  test('the body that came first is told to who comes with another one', async () => {
    await store.begin(ROUTE, 'k3', 'abc')
    expect(await store.begin(ROUTE, 'k3', 'xyz')).toMatchObject({ bodyHash: 'abc' })
  })

  test('of several that begin at once all have the same subject, and of several answers one is kept', async () => {
    const begun = await Promise.all([1, 2, 3, 4].map(() => store.begin(ROUTE, 'k4', 'abc')))
    expect(new Set(begun.map(({ subject }) => subject)).size).toBe(1)
    const finished = [201, 202, 203, 204].map((status) => store.finish(ROUTE, 'k4', { ...answer, status }))
    const kept = (await Promise.all(finished)).indexOf(true)
    expect((await Promise.all(finished)).filter(Boolean)).toHaveLength(1)
    expect((await store.begin(ROUTE, 'k4', 'abc')).answer).toEqual({ ...answer, status: 201 + kept })
  })

  test('a key that has not been answered can be freed, one that has been cannot', async () => {
    const { subject } = await store.begin(ROUTE, 'k5', 'abc')
    await store.forget(ROUTE, 'k5')
    const again = await store.begin(ROUTE, 'k5', 'xyz')
    expect(again).toMatchObject({ bodyHash: 'xyz', answer: null })
    expect(again.subject).not.toBe(subject)
    await store.finish(ROUTE, 'k5', answer)
    await store.forget(ROUTE, 'k5')
    expect(await store.begin(ROUTE, 'k5', 'xyz')).toEqual({ ...again, answer })
    expect(await store.finish(ROUTE, 'unknown', answer)).toBe(false)
  })
}

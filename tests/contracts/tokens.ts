import { beforeEach, expect, test } from 'vitest'
import { parseInstant, plus } from '../../src/market/time.ts'
import type { TokenDraft, TokenStore } from '../../src/ports/tokens.ts'

const NOW = parseInstant('2026-01-05T10:00:00Z')

const draft = (n: number, fields: Partial<TokenDraft> = {}): TokenDraft => ({
  name: `token ${n}`,
  scopes: ['read', 'trade'],
  digest: Buffer.alloc(32, n),
  createdAt: NOW,
  expiresAt: null,
  ...fields,
})

/** What any store of tokens does. `open` gives an empty one. */
export function tokenStoreContract(open: () => Promise<TokenStore>): void {
  let store: TokenStore
  beforeEach(async () => {
    store = await open()
  })

  test('a token is kept with everything but its secret, and found by the digest of it', async () => {
    const token = await store.add(draft(1, { expiresAt: plus(NOW, 5) }))
    expect(token).toEqual({
      id: token.id,
      name: 'token 1',
      scopes: ['read', 'trade'],
      createdAt: NOW,
      expiresAt: plus(NOW, 5),
      lastUsedAt: null,
      revokedAt: null,
    })
    expect(await store.withDigest(draft(1).digest)).toEqual(token)
    expect(await store.withDigest(draft(2).digest)).toBeNull()
  })

  test('a digest is kept once, whatever else comes with it', async () => {
    const token = await store.add(draft(1))
    expect(await store.add(draft(1, { name: 'another', scopes: ['admin'] }))).toEqual(token)
    expect(await store.list({ limit: 9 })).toHaveLength(1)
  })

  test('the newest come first, page by page', async () => {
    for (const n of [1, 2, 3]) await store.add(draft(n))
    const first = await store.list({ limit: 2 })
    expect(first.map(({ name }) => name)).toEqual(['token 3', 'token 2'])
    const rest = await store.list({ limit: 2, after: first[1]!.id })
    expect(rest.map(({ name }) => name)).toEqual(['token 1'])
  })

  test('what is revoked or expired is not live', async () => {
    const [kept, revoked] = [await store.add(draft(1)), await store.add(draft(2))]
    await store.add(draft(3, { expiresAt: NOW }))
    const last = await store.add(draft(4, { expiresAt: plus(NOW, 1) }))
    await store.revoke(revoked!.id, NOW)
    const live = await store.live(NOW)
    expect(live.map(({ id }) => id).sort()).toEqual([kept!.id, last.id].sort())
    expect([...live.find(({ id }) => id === kept!.id)!.digest]).toEqual([...draft(1).digest])
  })

  test('the first revocation counts, and an unknown id is told', async () => {
    const { id } = await store.add(draft(1))
    expect(await store.revoke(id, NOW)).toMatchObject({ id, revokedAt: NOW })
    expect(await store.revoke(id, plus(NOW, 5))).toMatchObject({ id, revokedAt: NOW })
    expect(await store.revoke('unknown', NOW)).toBeNull()
  })

  test('a use is noted', async () => {
    const { id } = await store.add(draft(1))
    await store.touch(id, NOW)
    expect(await store.list({ limit: 1 })).toMatchObject([{ id, lastUsedAt: NOW }])
  })
}

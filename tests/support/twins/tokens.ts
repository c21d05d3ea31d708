import type { LiveToken, Token, TokenStore } from '../../../src/ports/tokens.ts'
import { type Journal, Table } from './table.ts'

export function memoryTokens(journal: Journal): TokenStore {
  const rows = new Table<string, LiveToken>('tokens', journal)
  const withDigest = (digest: Uint8Array) =>
    rows.rows().find((row) => Buffer.compare(row.digest, digest) === 0)
  const change = (id: string, fields: Partial<LiveToken>): void => {
    const row = rows.get(id)
    if (row !== undefined) rows.set(id, { ...row, ...fields })
  }
  return {
    async add(draft) {
      const found = withDigest(draft.digest)
      if (found) return shown(found)
      const id = `token-${rows.size + 1}`
      rows.set(id, { ...draft, id, lastUsedAt: null, revokedAt: null })
      return shown(rows.get(id)!)
    },
    async list({ limit, after }) {
      const all = rows.rows().reverse()
      const start = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1
      return all.slice(start, start + limit).map(shown)
    },
    live: async (now) =>
      rows.rows().filter((row) => row.revokedAt === null && (row.expiresAt ?? now + 1) > now),
    withDigest: async (digest) => {
      const found = withDigest(digest)
      return found ? shown(found) : null
    },
    async revoke(id, at) {
      if (rows.get(id)?.revokedAt === null) change(id, { revokedAt: at })
      const found = rows.get(id)
      return found ? shown(found) : null
    },
    touch: async (id, at) => change(id, { lastUsedAt: at }),
  }
}

const shown = ({ digest: _, ...token }: LiveToken): Token => token

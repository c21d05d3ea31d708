import { and, desc, eq, gt, isNull, lt, or, sql } from 'drizzle-orm'
import type { EpochMs } from '../src/market/time.ts'
import type { LiveToken, Token, TokenDraft, TokenStore } from '../src/ports/tokens.ts'
import { tokens } from './schema.ts'
import type { Session } from './session.ts'

export const tokenStore = (session: Session): TokenStore => ({
  add: (draft) => add(session, draft),
  list: (page) => list(session, page),
  live: (now) => live(session, now),
  withDigest: (digest) => withDigest(session, digest),
  revoke: (id, at) => revoke(session, id, at),
  touch: async (id, at) =>
    void (await session.orm.update(tokens).set({ lastUsedAt: at }).where(eq(tokens.id, id))),
})

const { digest } = tokens

/** Everything but the digest. */
const SHOWN = {
  id: tokens.id,
  name: tokens.name,
  scopes: tokens.scopes,
  createdAt: tokens.createdAt,
  expiresAt: tokens.expiresAt,
  lastUsedAt: tokens.lastUsedAt,
  revokedAt: tokens.revokedAt,
}

async function add(session: Session, draft: TokenDraft): Promise<Token> {
  const row = { ...draft, scopes: [...draft.scopes], digest: Buffer.from(draft.digest) }
  const [made] = await session.orm.insert(tokens).values(row).onConflictDoNothing().returning(SHOWN)
  return made ?? (await withDigest(session, draft.digest))!
}

async function list({ orm }: Session, page: { limit: number; after?: string }): Promise<Token[]> {
  const before = sql`(select ordinal from tokens where id = ${page.after})`
  return orm
    .select(SHOWN)
    .from(tokens)
    .where(page.after === undefined ? undefined : lt(tokens.ordinal, before))
    .orderBy(desc(tokens.ordinal))
    .limit(page.limit)
}

const live = ({ orm }: Session, now: EpochMs): Promise<LiveToken[]> =>
  orm
    .select({ ...SHOWN, digest })
    .from(tokens)
    .where(and(isNull(tokens.revokedAt), or(isNull(tokens.expiresAt), gt(tokens.expiresAt, now))))

async function withDigest({ orm }: Session, bytes: Uint8Array): Promise<Token | null> {
  const [found] = await orm
    .select(SHOWN)
    .from(tokens)
    .where(eq(digest, Buffer.from(bytes)))
  return found ?? null
}

async function revoke({ orm }: Session, id: string, at: EpochMs): Promise<Token | null> {
  await orm
    .update(tokens)
    .set({ revokedAt: at })
    .where(and(eq(tokens.id, id), isNull(tokens.revokedAt)))
  const [found] = await orm.select(SHOWN).from(tokens).where(eq(tokens.id, id))
  return found ?? null
}

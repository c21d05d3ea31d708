import type { EpochMs } from '../market/time.ts'

/** What a token may do. None of them implies another one. */
export type Scope = 'read' | 'trade' | 'admin'

/** A token without its secret. Instants are of the machine's clock. */
export interface Token {
  readonly id: string
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly createdAt: EpochMs
  /** Null for never. */
  readonly expiresAt: EpochMs | null
  /** To the minute. */
  readonly lastUsedAt: EpochMs | null
  readonly revokedAt: EpochMs | null
}

/** `digest` is the SHA-256 of the secret, which itself is kept nowhere. */
export interface TokenDraft extends Pick<Token, 'name' | 'scopes' | 'createdAt' | 'expiresAt'> {
  readonly digest: Uint8Array
}

export interface LiveToken extends Token {
  readonly digest: Uint8Array
}

export interface TokenStore {
  /** Where the digest is there already, the token that has it. */
  add(draft: TokenDraft): Promise<Token>
  /** Newest first; `after` is the id of the last one of the page before. */
  list(page: { readonly limit: number; readonly after?: string }): Promise<Token[]>
  /** Those that are neither revoked nor expired at `now`. */
  live(now: EpochMs): Promise<LiveToken[]>
  withDigest(digest: Uint8Array): Promise<Token | null>
  /** The token as it is then; a second time changes nothing. Null for an unknown id. */
  revoke(id: string, at: EpochMs): Promise<Token | null>
  touch(id: string, at: EpochMs): Promise<void>
}

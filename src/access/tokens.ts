import { timingSafeEqual } from 'node:crypto'
import { conflict, messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import { type Clock, type EpochMs, MINUTE_MS } from '../market/time.ts'
import type { LiveToken, Scope, Token, TokenStore } from '../ports/tokens.ts'
import { digestOf, isSecret, SECRET_BYTES, secretOf } from './secret.ts'

export interface TokensDeps {
  readonly store: TokenStore
  /** Tokens expire by the machine's clock. */
  readonly machine: Clock
  readonly randomBytes: (count: number) => Uint8Array
  readonly log: Log
}

/** Who presents a secret, or why it counts for nothing. */
export type Presented =
  | { readonly kind: 'token'; readonly token: Token }
  | { readonly kind: 'unknown' | 'expired' | 'revoked' }

export interface IssueRequest {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly expiresAt: EpochMs | null
}

export interface Issued {
  readonly token: Token
  /** To be shown once. */
  readonly secret: string
}

/** What was read longer ago is read again: a token that another process revokes is refused within a second. */
const KEPT_MS = 500
const MOST_LIVE = 200
const ALL_SCOPES: readonly Scope[] = ['read', 'trade', 'admin']

/** The tokens of the API. Several processes share them through the database. */
export class Tokens {
  readonly #deps: TokensDeps
  #read: { readonly at: EpochMs; readonly tokens: Promise<LiveToken[]> } | null = null
  /** When each was last noted as used from here. */
  readonly #noted = new Map<string, EpochMs>()

  constructor(deps: TokensDeps) {
    this.#deps = deps
  }

  /** With `mayLookUp` false a token that is not among the live ones, which are kept for a moment, costs nothing more. */
  async present(secret: string, mayLookUp = true): Promise<Presented> {
    if (!isSecret(secret)) return { kind: 'unknown' }
    const digest = digestOf(secret)
    const live = sameDigest(await this.#live(), digest)
    // One that was made a moment ago in another process is not among those that were read.
    const token = live ?? (mayLookUp ? await this.#deps.store.withDigest(digest) : null)
    if (token === null) return { kind: 'unknown' }
    if (token.revokedAt !== null) return { kind: 'revoked' }
    const now = this.#deps.machine.now()
    if (token.expiresAt !== null && token.expiresAt <= now) return { kind: 'expired' }
    this.#noteUse(token, now)
    return { kind: 'token', token }
  }

  async issue({ name, scopes, expiresAt }: IssueRequest): Promise<Issued> {
    const { store, machine, randomBytes } = this.#deps
    const createdAt = machine.now()
    if ((await store.live(createdAt)).length >= MOST_LIVE) {
      throw conflict(`${MOST_LIVE} tokens are in use: revoke some first`)
    }
    const secret = secretOf(randomBytes(SECRET_BYTES))
    const token = await store.add({ name, scopes, createdAt, expiresAt, digest: digestOf(secret) })
    return { token, secret }
  }

  /** Takes a secret that was made elsewhere, such as in a file, for all scopes; false when it has been revoked. */
  async adopt(secret: string, name: string): Promise<boolean> {
    const createdAt = this.#deps.machine.now()
    const draft = { name, scopes: ALL_SCOPES, createdAt, expiresAt: null, digest: digestOf(secret) }
    const { revokedAt } = await this.#deps.store.add(draft)
    return revokedAt === null
  }

  async revoke(id: string): Promise<Token | null> {
    const { store, machine } = this.#deps
    const revoked = await store.revoke(id, machine.now())
    this.#read = null
    return revoked
  }

  /** Its age is counted from when it was asked for, so that a slow answer is not taken for a fresh one. */
  #live(): Promise<LiveToken[]> {
    const at = this.#deps.machine.now()
    if (this.#read !== null && at - this.#read.at < KEPT_MS && at >= this.#read.at) return this.#read.tokens
    const read = { at, tokens: this.#deps.store.live(at) }
    this.#read = read
    read.tokens.catch(() => {
      if (this.#read === read) this.#read = null
    })
    return read.tokens
  }

  /** Once a minute at most. A request does not wait for it, nor fail by it. */
  #noteUse({ id, lastUsedAt }: Token, now: EpochMs): void {
    const noted = this.#noted.get(id) ?? lastUsedAt
    if (noted !== null && now - noted < MINUTE_MS) return
    this.#noted.set(id, now)
    this.#deps.store
      .touch(id, now)
      .catch((error: unknown) => this.#deps.log.debug({ error: messageOf(error) }, 'a use was not noted'))
  }
}

/** Every digest is compared in constant time, and all of them, wherever the right one lies. */
function sameDigest(tokens: readonly LiveToken[], digest: Uint8Array): LiveToken | null {
  let found: LiveToken | null = null
  for (const token of tokens) if (timingSafeEqual(token.digest, digest)) found = token
  return found
}

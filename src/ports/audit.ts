import type { EpochMs } from '../market/time.ts'
import type { Scope } from './tokens.ts'

/** What is told of a command. `at` is the machine's clock. */
export interface AuditFields {
  readonly at: EpochMs
  /** `asked` before a command is carried out, `answered` after it, `refused` for who may not give it. */
  readonly kind: 'asked' | 'answered' | 'refused'
  /** The id of the token; null where none was needed, or none was right. */
  readonly actor: string | null
  /** That of the token by which it was let in. */
  readonly scope: Scope | null
  readonly address: string | null
  /** Null where no operation has the path. */
  readonly operation: string | null
  readonly method: string
  /** With the query. */
  readonly path: string
  /** SHA-256 of the body, in hex; null where it had not been read. */
  readonly bodyHash: string | null
  readonly status: number | null
  /** The sequence of the entry that it answers. */
  readonly asked: number | null
  /** The trader's level, for commands that concern it. */
  readonly before: string | null
  readonly after: string | null
}

/** A link of the chain: `hash` is over the fields, the sequence and the hash of the entry before. */
export interface AuditEntry extends AuditFields {
  readonly sequence: number
  readonly previous: string
  readonly hash: string
}

export type AuditHead = Pick<AuditEntry, 'sequence' | 'hash'>

/** The audit log. It only grows; sequences begin at 1 and have no holes. */
export interface AuditStore {
  append(fields: AuditFields): Promise<AuditEntry>
  /** Newest first, those below `before`. */
  list(page: { readonly limit: number; readonly before?: number }): Promise<AuditEntry[]>
  /** Null while it is empty. */
  head(): Promise<AuditHead | null>
}

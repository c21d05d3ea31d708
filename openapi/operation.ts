import { z } from 'zod'
import type { ProblemStatus } from './problem.ts'

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

/**
 * `open` to everybody · `read` for the scope `read`, and open while the service listens on loopback · `write` for the
 * scope `trade` · `admin` for the scope `admin`.
 */
export type Access = 'open' | 'read' | 'write' | 'admin'

/** `usual` a read, or a command where it changes something · `heavy` also counts as heavy · `none` is never held up. */
type OperationRate = 'usual' | 'heavy' | 'none'

/** What is answered when it went well. `schema` is of the JSON body; null where there is none, or none of JSON. */
export interface AnswerSpec {
  readonly description: string
  readonly schema: z.ZodType | null
  readonly example?: unknown
  /** The media type when it is not JSON. */
  readonly mediaType?: string
  /** The header of the table that `Accept: text/csv` streams, and one row of it. */
  readonly csv?: { readonly header: string; readonly example: string }
  /** Whether `Accept: application/vnd.apache.parquet` streams the same table. */
  readonly parquet?: true
  /** Whether it goes on for as long as the client listens. */
  readonly live?: true
  /** Headers by name, with their descriptions. */
  readonly headers?: Readonly<Record<string, string>>
}

export type AnswerStatus = 200 | 201 | 202 | 204 | 302
type Answers = { readonly [S in AnswerStatus]?: AnswerSpec }

/** A body that is no JSON: it is handed on as it comes. */
export interface UploadSpec {
  /** The first is that of the example. */
  readonly mediaTypes: readonly string[]
  readonly mostBytes: number
  readonly example: string
}

/** One operation of the contract: what is accepted and everything that may be answered. */
export interface Operation {
  readonly method: Method
  /** With parameters in braces: `/v1/instruments/{symbol}`. */
  readonly path: string
  readonly operationId: string
  readonly tag: string
  readonly summary: string
  readonly description: string
  readonly access: Access
  readonly params: z.ZodObject
  readonly query: z.ZodObject
  readonly body: z.ZodType | null
  readonly bodyExample?: unknown
  /** The most that a body may be. */
  readonly bodyBytes: number
  /** In the place of `body`. */
  readonly upload: UploadSpec | null
  readonly answers: Answers
  /** What it costs of the limits on requests. */
  readonly rate: OperationRate
  /** Answered however busy the service is. */
  readonly always: boolean
  /** The problems of its own; those that every operation shares are added by `problemsOf`. */
  readonly problems: readonly ProblemStatus[]
  /** Takes an `Idempotency-Key`. */
  readonly idempotent: boolean
  /** The answer tells a secret that is shown once: what is kept of it for the key is encrypted. */
  readonly secretAnswer: boolean
  /** Takes `Prefer: respond-async` (RFC 7240). */
  readonly async: boolean
  /** Answers carry an `ETag`, and `If-None-Match` may answer 304. */
  readonly etag: boolean
  /** Takes a `Last-Event-ID`: a sequence. */
  readonly lastEventId: boolean
}

const DEFAULTS = {
  description: '',
  params: z.strictObject({}),
  query: z.strictObject({}),
  body: null,
  bodyBytes: 64 * 1_024,
  upload: null,
  rate: 'usual',
  always: false,
  problems: [],
  idempotent: false,
  secretAnswer: false,
  async: false,
  etag: false,
  lastEventId: false,
} as const satisfies Partial<Operation>

type Optional = keyof typeof DEFAULTS
type Stated = Omit<Operation, Optional> & Partial<Pick<Operation, Optional>>

/** States an operation; what is left out takes its default. The exact types are kept for the handler. */
export const operation = <const O extends Stated>(stated: O): Omit<typeof DEFAULTS, keyof O> & O => ({
  ...DEFAULTS,
  ...stated,
})

/** `parquet` is `application/vnd.apache.parquet`. */
export type Format = 'json' | 'csv' | 'parquet'

/** What the handler of an operation is given. */
export interface Asked<O extends Operation> {
  readonly params: z.output<O['params']>
  readonly query: z.output<O['query']>
  readonly body: O['body'] extends z.ZodType ? z.output<O['body']> : null
  readonly upload: O['upload'] extends UploadSpec ? AsyncIterable<Uint8Array> : null
  /**
   * The id for what is made: the same each time that a request is sent again with its `Idempotency-Key`, also after a
   * crash between the work and its answer. Null without a key.
   */
  readonly subject: string | null
  /** Whether the client would rather not wait. */
  readonly respondAsync: boolean
  /** The sequence that the client has seen last. */
  readonly lastEventId: number | null
  /** What the client asks for, of what the operation offers. */
  readonly format: Format
}

/** A body that goes on for as long as a client listens. */
export interface LiveBody {
  readonly frames: AsyncIterable<Uint8Array>
  /** Aborted when the client is given up: it has taken nothing for too long. */
  readonly givenUp: AbortSignal
}

/** `json` is a body that is text already. */
type Body<S> = S extends { readonly schema: infer Z extends z.ZodType }
  ? { readonly body: z.input<Z> } | { readonly json: string }
  : S extends { readonly live: true }
    ? { readonly live: LiveBody }
    : { readonly raw: string | Uint8Array<ArrayBuffer> }
type Stream<S> = S extends { readonly csv: object }
  ? { readonly rows: AsyncIterable<string | Uint8Array> }
  : never
type Download<S> = S extends { readonly parquet: true }
  ? { readonly download: AsyncIterable<Uint8Array>; readonly fileName: string }
  : never

/** What the handler of an operation may answer: a status of its own with the body that belongs to it. */
export type Answer<O extends Operation> = {
  [S in keyof O['answers']]: {
    readonly status: S
    readonly headers?: Readonly<Record<string, string>>
    /** What the `ETag` stands for, where the body also says what changes by itself. */
    readonly version?: string
  } & (Body<O['answers'][S]> | Stream<O['answers'][S]> | Download<O['answers'][S]>)
}[keyof O['answers']]

/** Every problem that an operation may answer, those of the transport and of access included. */
export function problemsOf(operation: Operation): ProblemStatus[] {
  const access: ProblemStatus[] = operation.access === 'open' ? [] : [401]
  const scope: ProblemStatus[] = operation.access === 'open' && operation.method === 'get' ? [] : [403]
  const change: ProblemStatus[] = operation.method === 'get' ? [] : [413]
  const rate: ProblemStatus[] = operation.rate === 'none' ? [] : [429]
  const crowd: ProblemStatus[] = operation.always || operation.method !== 'get' ? [] : [503]
  const body: ProblemStatus[] = operation.body === null && operation.upload === null ? [] : [400, 415]
  const shared: ProblemStatus[] = [...access, ...scope, ...change, ...body, ...rate, ...crowd, 421, 422, 500]
  return [...new Set([...shared, ...operation.problems])].sort()
}

import type { Answer, Asked, LiveBody, Operation } from '../openapi/operation.ts'

/** What a handler answers, its type set aside: `route` has checked it against the operation. */
export interface Outcome {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** What the ETag stands for instead of the whole body. */
  readonly version?: string
  readonly body?: unknown
  /** A body of JSON that is text already. */
  readonly json?: string
  readonly raw?: string | Uint8Array<ArrayBuffer>
  readonly rows?: AsyncIterable<string | Uint8Array>
  readonly download?: AsyncIterable<Uint8Array>
  readonly fileName?: string
  readonly live?: LiveBody
}

/** An operation and what answers it. */
export interface Route {
  readonly operation: Operation
  readonly handle: (asked: Asked<Operation>) => Promise<Outcome>
}

/**
 * `route(operation).to(handler)` binds them: what the handler is given and what it may answer follow from the schemas.
 * Two calls, because the compiler must know the operation before it reads the handler's literals.
 */
export const route = <const O extends Operation>(operation: O) => ({
  to: (handle: (asked: Asked<O>) => Promise<Answer<O>>): Route => ({
    operation,
    handle: handle as unknown as Route['handle'],
  }),
})

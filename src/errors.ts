/**
 * What the caller does next decides the kind (architecture, decision 7). Anything that is no AppError is a defect.
 * `invalid` mend the input · `missing` name another · `conflict` look at the state · `refused` understood, not done ·
 * `throttled` and `unavailable` come back later.
 */
export type ErrorKind = 'invalid' | 'missing' | 'conflict' | 'refused' | 'throttled' | 'unavailable'

/** One fault of an input: `path` is a JSON pointer into the body, or the parameter's name. */
export interface InputIssue {
  readonly path: string
  readonly message: string
}

export interface ErrorExtras {
  readonly issues?: readonly InputIssue[]
  readonly retryAfterMs?: number
  readonly cause?: unknown
}

export class AppError extends Error {
  readonly kind: ErrorKind
  readonly issues: readonly InputIssue[]
  readonly retryAfterMs: number | null

  constructor(kind: ErrorKind, message: string, extras: ErrorExtras = {}) {
    super(message, { cause: extras.cause })
    this.name = 'AppError'
    this.kind = kind
    this.issues = extras.issues ?? []
    this.retryAfterMs = extras.retryAfterMs ?? null
  }
}

const make = (kind: ErrorKind) => (message: string, extras?: ErrorExtras) =>
  new AppError(kind, message, extras)

export const invalid = make('invalid')
export const missing = make('missing')
export const conflict = make('conflict')
export const refused = make('refused')
export const throttled = make('throttled')
export const unavailable = make('unavailable')

/** Whether trying the same thing again later can succeed. */
export const isRetryable = (error: unknown): boolean =>
  error instanceof AppError && (error.kind === 'unavailable' || error.kind === 'throttled')

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

import { PROBLEMS, type Problem, type ProblemStatus, problemType } from '../openapi/problem.ts'
import type { InputFault } from '../openapi/read.ts'
import { AppError, type ErrorKind } from '../src/errors.ts'

export interface ProblemExtras {
  readonly errors?: readonly InputFault[]
  readonly reasons?: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
}

/** What goes wrong between the wire and a handler; handlers themselves throw AppErrors. */
export class HttpProblem extends Error {
  readonly status: ProblemStatus
  readonly extras: ProblemExtras

  constructor(status: ProblemStatus, detail: string, extras: ProblemExtras = {}) {
    super(detail)
    this.name = 'HttpProblem'
    this.status = status
    this.extras = extras
  }
}

/** Refuses what could be read but not accepted. */
export const refusal = (faults: readonly InputFault[]): HttpProblem =>
  new HttpProblem(422, faults.map(({ path, message }) => `${path}: ${message}`).join('; '), {
    errors: faults,
  })

/** Whatever was thrown, as an answer. What is no fault of the client says nothing of our insides. */
export function problemOf(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error
  if (error instanceof AppError) return problemOfAppError(error)
  return new HttpProblem(500, 'The service failed; its log has the request id of this answer.')
}

const STATUS: Record<ErrorKind, ProblemStatus> = {
  invalid: 422,
  missing: 404,
  conflict: 409,
  refused: 422,
  throttled: 429,
  unavailable: 503,
}

function problemOfAppError({ kind, message, issues, retryAfterMs }: AppError): HttpProblem {
  const status = STATUS[kind]
  return new HttpProblem(status, message, {
    ...(issues.length > 0 ? { errors: issues } : {}),
    ...(status === 429 || status === 503 ? { headers: retryAfter(retryAfterMs) } : {}),
  })
}

const DEFAULT_RETRY_MS = 5_000

/** `Retry-After` in whole seconds, at least one. */
export const retryAfter = (delayMs: number | null): Record<string, string> => ({
  'Retry-After': String(Math.max(1, Math.ceil((delayMs ?? DEFAULT_RETRY_MS) / 1_000))),
})

/** The body of the answer. */
export function problemBody({ status, message, extras: { errors, reasons } }: HttpProblem): Problem {
  return {
    type: problemType(status),
    title: PROBLEMS[status].title,
    status,
    detail: message,
    ...(errors ? { errors: errors.map(({ path, message }) => ({ path, message })) } : {}),
    ...(reasons ? { reasons: [...reasons] } : {}),
  }
}

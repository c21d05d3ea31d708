import type { core, output, ZodType } from 'zod'
import type { MarketEra, SteerableClock } from '../../clock/steerable.ts'
import { AppError, type ErrorKind, type InputIssue, invalid } from '../../errors.ts'
import type { Tws } from '../tws.ts'

/** What the control port's routes work on. */
export interface ControlDeps {
  readonly tws: Tws
  /** The market as of the last time that its clock was set. */
  readonly era: () => MarketEra
  /** What sets the market's clock; null where it is not ours to set. */
  readonly hands: SteerableClock | null
}

export interface ControlRequest {
  /** What stands in the path's `{names}`. */
  readonly params: Readonly<Record<string, string>>
  /** The body's JSON; undefined when it has none. */
  readonly body: unknown
}

export interface ControlAnswer {
  readonly status: number
  readonly type: string
  readonly text: string
}

/** One entry of the control port. What it throws as an AppError is told to the caller as JSON. */
export interface ControlRoute {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** `/clients/{id}/disconnect`. */
  readonly path: string
  answer(request: ControlRequest, deps: ControlDeps): ControlAnswer
}

export const json = (body: unknown, status = 200): ControlAnswer => ({
  status,
  type: 'application/json',
  text: JSON.stringify(body),
})

export const html = (text: string): ControlAnswer => ({
  status: 200,
  type: 'text/html; charset=utf-8',
  text,
})

/** The request's body, if `schema` accepts it. Throws `invalid` with an issue for each wrong field. */
export function bodyOf<Schema extends ZodType>({ body }: ControlRequest, schema: Schema): output<Schema> {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  throw invalid(UNUSABLE, { issues: parsed.error.issues.flatMap(issuesOf) })
}

/** The fault of one field that a schema alone cannot see. */
export const unusable = (path: string, message: string): AppError =>
  invalid(UNUSABLE, { issues: [{ path, message }] })

const UNUSABLE = 'The body cannot be used.'

/** Each wrong field by its place in the body. */
const issuesOf = (issue: core.$ZodIssue): InputIssue[] =>
  issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => ({ path: placeOf([...issue.path, key]), message: 'is not known here' }))
    : [{ path: placeOf(issue.path), message: issue.message }]

const placeOf = (path: readonly PropertyKey[]): string => `/${path.map(String).join('/')}`

const STATUS: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  missing: 404,
  conflict: 409,
  refused: 422,
  throttled: 429,
  unavailable: 503,
}

/** How a fault is told: an AppError with its issues, a defect of ours without its insides. */
export const faultAnswer = (fault: unknown): ControlAnswer =>
  fault instanceof AppError
    ? json(
        { error: fault.message, ...(fault.issues.length > 0 && { issues: fault.issues }) },
        STATUS[fault.kind],
      )
    : json({ error: 'The simulator has a defect; its log says which.' }, 500)

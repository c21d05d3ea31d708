import { z } from 'zod'
import { meant } from '../src/nearest.ts'

/** One fault of an input: `path` is a JSON pointer into the body, or the parameter's name. */
export interface InputFault {
  readonly path: string
  readonly message: string
}

export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly InputFault[] }

/** What is missing is told from what is wrong by the input. */
const REPORT = { reportInput: true }

/** Reads a JSON body. Faults carry JSON pointers. */
export const readBody = <S extends z.ZodType>(schema: S, value: unknown): Reading<z.output<S>> =>
  reading(schema, schema.safeParse(value, REPORT), pointer)

/** Reads the parameters of a path, which have been decoded. */
export const readParams = <S extends z.ZodObject>(
  schema: S,
  values: Readonly<Record<string, string>>,
): Reading<z.output<S>> => reading(schema, schema.safeParse(values, REPORT), parameterName)

/** Reads a query string. Unknown parameters and parameters given twice are faults. */
export function readQuery<S extends z.ZodObject>(schema: S, given: URLSearchParams): Reading<z.output<S>> {
  const faults = [...new Set(given.keys())].flatMap((name) => faultOfName(schema, given, name))
  if (faults.length > 0) return { ok: false, faults }
  const values = [...given].map(([name, text]) => [name, typed(schema.shape[name], text)])
  return reading(schema, schema.safeParse(Object.fromEntries(values), REPORT), parameterName)
}

function faultOfName(schema: z.ZodObject, given: URLSearchParams, name: string): InputFault[] {
  if (!Object.hasOwn(schema.shape, name))
    return [{ path: name, message: `is not a parameter here${meant(name, Object.keys(schema.shape))}` }]
  if (given.getAll(name).length > 1) return [{ path: name, message: 'is given more than once' }]
  return given.get(name)!.includes('\0') ? [{ path: name, message: 'holds a null character' }] : []
}

/** Decimals as JSON writes them, without an exponent: no `0x10`, `1e999`, `NaN`, `+1`, ` 1` or `-0`. */
const DECIMAL = /^(?!-0$)-?(0|[1-9]\d{0,14})(\.\d{1,15})?$/

/** A query carries text; where the schema wants a number or a boolean, a text in its strict form becomes one. */
function typed(field: unknown, text: string): unknown {
  const inner = field instanceof z.ZodOptional || field instanceof z.ZodDefault ? field.unwrap() : field
  if (inner instanceof z.ZodNumber) return DECIMAL.test(text) ? Number(text) : text
  if (inner instanceof z.ZodBoolean) return text === 'true' || (text === 'false' ? false : text)
  return text
}

type Path = readonly PropertyKey[]
type Naming = (path: Path) => string

const parameterName: Naming = (path) => path.map(String).join('.')

const pointer: Naming = (path) =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

const reading = <T>(schema: z.ZodType, result: z.ZodSafeParseResult<T>, naming: Naming): Reading<T> =>
  result.success
    ? { ok: true, value: result.data }
    : {
        ok: false,
        faults: firstOfEach(result.error.issues.flatMap((issue) => faultsOf(schema, issue, naming))),
      }

/** Of what is wrong with one field the first: the rest follows from it. */
const firstOfEach = (faults: readonly InputFault[]): InputFault[] =>
  faults.filter(({ path }, i) => faults.findIndex((fault) => fault.path === path) === i)

/** Messages are cut: a client's own text may be in them. */
const MOST_CHARACTERS = 200

function faultsOf(schema: z.ZodType, issue: z.core.$ZodIssue, naming: Naming): InputFault[] {
  if (issue.code === 'unrecognized_keys') {
    const known = fieldsAt(schema, issue.path)
    return issue.keys.map((key) => ({
      path: naming([...issue.path, key]),
      message: `is not a field here${meant(key, known)}`,
    }))
  }
  const missing = issue.code === 'invalid_type' && issue.input === undefined
  const message = missing ? 'is required' : issue.message.slice(0, MOST_CHARACTERS)
  return [{ path: naming(issue.path), message }]
}

/** The fields of the object at a path of a schema, as far as it is made of objects. */
function fieldsAt(schema: unknown, [step, ...rest]: Path): string[] {
  if (schema instanceof z.ZodOptional)
    return fieldsAt(schema.unwrap(), step === undefined ? [] : [step, ...rest])
  if (!(schema instanceof z.ZodObject)) return []
  return step === undefined ? Object.keys(schema.shape) : fieldsAt(schema.shape[String(step)], rest)
}

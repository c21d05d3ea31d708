import fc from 'fast-check'
import type { OpenAPIObject, OperationObject, ParameterObject, SchemaObject } from 'openapi3-ts/oas31'
import { TOKEN } from '../openapi/memory.ts'

/** A request as it will be made of one operation of the document. */
export interface FuzzedRequest {
  readonly operationId: string
  readonly url: string
  readonly init: { method: string; headers: Record<string, string>; body?: string }
}

const HOSTILE = [
  ...[
    '',
    ' ',
    '0',
    '-0',
    '-1',
    '01',
    '1e999',
    '0x10',
    'NaN',
    'Infinity',
    '9007199254740993',
    '1.5',
    'null',
    'true',
  ],
  ...[
    "'; drop table bars; --",
    '%00',
    '\0',
    '\u202e',
    '😀',
    '../../etc/passwd',
    '%2e%2e%2f',
    '{{7*7}}',
    '<script>',
  ],
  ...[
    '__proto__',
    'constructor',
    '2013-02-30T00:00:00Z',
    '+275760-09-13T00:00:00Z',
    '2013-10-07T13:30:00',
    'a'.repeat(5_000),
  ],
]

const hostile: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string(),
  fc.string({ unit: 'binary' }),
)

/** Requests of every operation of a document: what it says is right, and what nobody should send. */
export function requestsOf(document: OpenAPIObject, ids: readonly string[]): fc.Arbitrary<FuzzedRequest> {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item as Record<string, OperationObject>).map(([method, operation]) => ({
      path,
      method,
      operation,
    })),
  )
  return fc.constantFrom(...operations).chain(({ path, method, operation }) => {
    const parameters = (operation.parameters ?? []) as ParameterObject[]
    const values = fc.tuple(
      ...parameters.map((it) =>
        it.name === 'id' && path.startsWith('/v1/backtests') ? idsOf(ids) : textsOf(document, it),
      ),
    )
    return fc
      .record({ values, extra: extraParameter, headers: commonHeaders, body: bodyOf(document, operation) })
      .map(({ values, extra, headers, body }) => ({
        operationId: operation.operationId!,
        url: urlOf(path, [...parameters.map((it, i) => [it, values[i]!] as const)], extra),
        init: {
          method: method.toUpperCase(),
          headers: { ...headers, ...headersOf(parameters, values), ...body?.headers },
          ...(body === null ? {} : { body: body.text }),
        },
      }))
  })
}

/** The texts that a parameter is given: mostly one that is right or none, seldom a hostile one or two. */
function textsOf(
  document: OpenAPIObject,
  { name, schema, required }: ParameterObject,
): fc.Arbitrary<string[]> {
  const right = fieldOf(document, name, schema as SchemaObject).map(String)
  return fc.oneof(
    { weight: name === 'cursor' ? 1 : 24, arbitrary: right.map((text) => [text]) },
    { weight: required ? 1 : 24, arbitrary: fc.constant<string[]>([]) },
    { weight: 1, arbitrary: hostile.map((text) => [text]) },
    { weight: 1, arbitrary: fc.tuple(right, right) },
  )
}

/** Mostly one that is there, as long as nobody deletes it. */
const idsOf = (ids: readonly string[]): fc.Arbitrary<string[]> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...ids).map((id) => [id]) },
    { weight: 1, arbitrary: hostile.map((text) => [text]) },
  )

const extraParameter = fc.oneof(
  { weight: 30, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.tuple(hostile, hostile) },
)

const commonHeaders = fc.record(
  {
    authorization: fc.constantFrom(`Bearer ${TOKEN}`, `Bearer ${TOKEN}`, `Bearer ${TOKEN}`, 'Bearer no'),
    accept: fc.constantFrom('application/json', 'text/csv', '*/*', 'image/png', ';;q=x'),
  },
  { requiredKeys: [] },
)

function headersOf(
  parameters: readonly ParameterObject[],
  values: readonly string[][],
): Record<string, string> {
  const given = parameters.flatMap(({ name, in: place }, i) =>
    place === 'header'
      ? values[i]!.slice(0, 1).map((text) => [name, text.replace(/[^\x21-\x7e]/g, '~')])
      : [],
  )
  return Object.fromEntries(given)
}

type Given = readonly [ParameterObject, readonly string[]]

function urlOf(path: string, given: readonly Given[], extra: [string, string] | null): string {
  const inPath = given.filter(([{ in: place }]) => place === 'path')
  const filled = inPath.reduce(
    (url, [{ name }, [text = 'x']]) =>
      url.replace(`{${name}}`, encodeURIComponent(Buffer.from(text).toString() || 'x')),
    path,
  )
  const query = new URLSearchParams(extra === null ? [] : [extra])
  for (const [{ name, in: place }, texts] of given)
    if (place === 'query') for (const text of texts) query.append(name, text)
  return query.size > 0 ? `${filled}?${query}` : filled
}

interface FuzzedBody {
  readonly text: string
  readonly headers: Record<string, string>
}

function bodyOf(document: OpenAPIObject, { requestBody }: OperationObject): fc.Arbitrary<FuzzedBody | null> {
  if (requestBody === undefined || '$ref' in requestBody) return fc.constant(null)
  const json = requestBody.content['application/json']
  if (json === undefined) return fileOf(requestBody.content['text/csv']!.example)
  const right = rightOf(document, json.schema as SchemaObject)
  const text = fc.oneof(
    { weight: 12, arbitrary: right.map((value) => JSON.stringify(value)) },
    { weight: 2, arbitrary: fc.tuple(right, hostile, fc.jsonValue()).map(withField) },
    { weight: 1, arbitrary: right.map((value) => JSON.stringify(value).slice(0, -1)) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: hostile },
  )
  const type = fc.constantFrom(
    ...Array(8).fill('application/json'),
    'text/plain',
    'application/json; charset=utf-8',
  )
  return fc
    .tuple(text, type)
    .map(([body, contentType]) => ({ text: body, headers: { 'content-type': contentType } }))
}

/** A file like the example of the document, with cells that are wrong or hostile here and there. */
function fileOf(example: string): fc.Arbitrary<FuzzedBody> {
  const cell = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...example.split(/[,\n]/)) },
    { weight: 1, arbitrary: hostile },
  )
  const line = fc.oneof(
    { weight: 8, arbitrary: fc.constant(example.split('\n')[1]!) },
    { weight: 1, arbitrary: fc.array(cell, { maxLength: 9 }).map((cells) => cells.join()) },
  )
  const header = fc.oneof(
    { weight: 8, arbitrary: fc.constant(example.split('\n')[0]!) },
    { weight: 1, arbitrary: line },
  )
  return fc
    .tuple(
      header,
      fc.array(line, { maxLength: 5 }),
      fc.constantFrom('text/csv', 'application/gzip', 'text/plain'),
    )
    .map(([first, lines, type]) => ({
      text: [first, ...lines].join('\n'),
      headers: { 'content-type': type },
    }))
}

const withField = ([value, name, field]: [unknown, string, unknown]): string =>
  JSON.stringify({ ...(value as object), [name]: field })

const instantsOf = (from: string, to: string) =>
  fc.date({ min: new Date(from), max: new Date(to), noInvalidDate: true }).map((date) => date.toISOString())

/** Values by the name of a field, where any that the schema accepts would seldom meet one another. */
const MEETING: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  symbol: fc.constantFrom('SPY', 'SPY', 'SPY', 'IBM', 'AAPL', 'MSFT', 'QQQ', 'ZZZZ'),
  name: fc.constantFrom('collect-bars', 'busy', 'pivot-breakout'),
  length: fc.integer({ min: 1, max: 60 }),
  left: fc.integer({ min: 1, max: 9 }),
  right: fc.integer({ min: 1, max: 9 }),
  base: fc.constantFrom('1s', '1s', '1s', '1m'),
  from: instantsOf('2013-04-08T00:00:00Z', '2013-10-08T14:00:00Z'),
  to: instantsOf('2013-10-08T13:30:00Z', '2013-10-12T00:00:00Z'),
}

const fieldOf = (document: OpenAPIObject, name: string, schema: SchemaObject): fc.Arbitrary<unknown> =>
  MEETING[name] ?? rightOf(document, schema)

/** Values that a schema of the document accepts. It uses no more of JSON Schema than the document does. */
function rightOf(document: OpenAPIObject, described: SchemaObject): fc.Arbitrary<unknown> {
  const schema = resolved(document, described)
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  const choices = schema.oneOf ?? schema.anyOf
  if (choices) return fc.oneof(...choices.map((choice) => rightOf(document, choice as SchemaObject)))
  if (schema.pattern) return fc.stringMatching(new RegExp(schema.pattern))
  switch (schema.type) {
    case 'integer':
      return fc.integer({ min: schema.minimum!, max: schema.maximum! })
    case 'number':
      return fc.double({ min: leastOf(schema), max: mostOf(schema), noNaN: true })
    case 'null':
      return fc.constant(null)
    case 'boolean':
      return fc.boolean()
    case 'string':
      return fc.string({ minLength: schema.minLength ?? 0, maxLength: Math.min(schema.maxLength ?? 20, 20) })
    case 'array':
      return fc.uniqueArray(rightOf(document, schema.items as SchemaObject), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 5, 5),
      })
    case 'object':
      return objectOf(document, schema)
    default:
      throw new Error(`the document describes something new: ${JSON.stringify(schema)}`)
  }
}

const leastOf = ({ minimum, exclusiveMinimum }: SchemaObject): number =>
  minimum ?? Number(exclusiveMinimum) + 1e-6
const mostOf = ({ maximum, exclusiveMaximum }: SchemaObject): number =>
  maximum ?? Number(exclusiveMaximum) - 1e-6

function objectOf(document: OpenAPIObject, { properties = {}, required = [] }: SchemaObject) {
  const fields = Object.entries(properties).map(
    ([name, field]) => [name, fieldOf(document, name, field as SchemaObject)] as const,
  )
  return fc.record<Record<string, unknown>>(Object.fromEntries(fields), { requiredKeys: required })
}

function resolved(document: OpenAPIObject, schema: SchemaObject): SchemaObject {
  const name = schema.$ref?.split('/').at(-1)
  return name === undefined ? schema : (document.components!.schemas![name] as SchemaObject)
}

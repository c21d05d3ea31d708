import { validate } from '@readme/openapi-parser'
import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { operationsOf, routesOf } from '../../routes/routes.ts'
import { appOf, depsOf } from './memory.ts'

type Parameter = { name: string; in: string; example?: unknown }
type Described = { parameters?: Parameter[]; responses: Record<string, object> }
interface Document {
  paths: Record<string, Record<string, Described>>
  components: Record<string, Record<string, unknown>>
}

const operations = operationsOf(routesOf(depsOf()))
const app = appOf()
const document = (await (await app.request('/openapi.json')).json()) as Document & Record<string, unknown>
const copy = () => structuredClone(document) as never

test('two independent validators accept the document', { timeout: 30_000 }, async () => {
  expect(await new Validator().validate(copy())).toEqual({ valid: true })
  expect(await validate(copy())).toMatchObject({ valid: true, warnings: [] })
})

test('every route of the app is in the document, and the reverse', () => {
  const served = app.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method.toLowerCase()} ${path.replace(/:(\w+)/g, '{$1}')}`)
  const documented = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method} ${path}`),
  )
  expect([...new Set(served)].sort()).toEqual(documented.sort())
})

test('every reference leads somewhere', () => {
  const references = [...JSON.stringify(document).matchAll(/"#\/components\/(\w+)\/(\w+)"/g)]
  expect(references.length).toBeGreaterThan(100)
  for (const [, kind, name] of references) expect(document.components[kind!]).toHaveProperty(name!)
})

test('operation ids are unique', () => {
  const ids = operations.map(({ operationId }) => operationId)
  expect(new Set(ids).size).toBe(ids.length)
})

for (const { operationId, method, path, answers, body, bodyExample, params, query, access } of operations) {
  const described = () => document.paths[path]![method]!

  test(`${operationId}: the examples are what the schemas accept`, () => {
    for (const { schema, example } of Object.values(answers)) {
      if (schema !== null && example !== undefined) expect(schema.safeParse(example).error).toBeUndefined()
    }
    if (body !== null) expect(body.safeParse(bodyExample).error).toBeUndefined()
    const examples = (place: string) =>
      Object.fromEntries(
        (described().parameters ?? [])
          .filter((parameter) => parameter.in === place && parameter.example !== undefined)
          .map(({ name, example }) => [name, example]),
      )
    expect(params.safeParse(examples('path')).error).toBeUndefined()
    expect(query.safeParse(examples('query')).error).toBeUndefined()
  })

  test(`${operationId}: the document says what may go wrong`, () => {
    const statuses = Object.keys(described().responses)
    expect(statuses).toEqual(expect.arrayContaining(['421', '422', '500']))
    expect(statuses.includes('401')).toBe(access !== 'open')
    expect(statuses.includes('403')).toBe(access !== 'open')
    expect(statuses.includes('404')).toBe(
      path.includes('{') ||
        'symbol' in query.shape ||
        ['addBackfill', 'addInstrument', 'addBacktest'].includes(operationId),
    )
  })
}

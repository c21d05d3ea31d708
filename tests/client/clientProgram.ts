import { type Documented, exampleOf } from '../openapi/requests.ts'

/** A program that calls every operation by the generated types, with the examples of the document. */
export const clientProgram = (all: readonly Documented[]): string =>
  [
    "import createClient from 'openapi-fetch'",
    "import type { paths } from './schema.ts'",
    'export const callAll = async (options: Parameters<typeof createClient>[0], tell: (id: string, status: number) => void) => {',
    '  const client = createClient<paths>(options)',
    ...all.map(callOf),
    '}',
  ].join('\n')

function callOf(described: Documented): string {
  const { method, path, operationId } = described
  const options = [...paramsOf(described), ...bodyOf(described), ...readingOf(described)]
  const call = `client.${method}('${path}', { ${options.join(', ')} })`
  return `  await ${call}.then(({ response }) => tell('${operationId}', response.status))`
}

function paramsOf({ parameters }: Documented): string[] {
  const places = (['path', 'query'] as const).flatMap((place) => {
    const given = parameters.filter((it) => it.in === place && (place === 'path' || it.required))
    if (given.length === 0) return []
    const fields = given.map((it) => [it.name, it.example ?? exampleOf(it)])
    return [`${place}: ${JSON.stringify(Object.fromEntries(fields))}`]
  })
  return places.length === 0 ? [] : [`params: { ${places.join(', ')} }`]
}

/** A text is sent as it is. */
function bodyOf({ operation: { requestBody } }: Documented): string[] {
  if (requestBody === undefined || '$ref' in requestBody) return []
  const [[type, { example }]] = Object.entries(requestBody.content) as [[string, { example?: unknown }]]
  const body = `body: ${JSON.stringify(example)}`
  if (type === 'application/json') return [body]
  return [body, 'bodySerializer: (text) => text as string', `headers: { 'content-type': '${type}' }`]
}

/** What is no JSON is not read: it may have no end. */
function readingOf({ operation }: Documented): string[] {
  const types = Object.entries(operation.responses ?? {}).flatMap(([status, answer]) =>
    status.startsWith('2') ? Object.keys((answer as { content?: object }).content ?? {}) : [],
  )
  return types.includes('application/json') ? [] : ["parseAs: 'stream'"]
}

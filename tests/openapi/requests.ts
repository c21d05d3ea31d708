import type { OpenAPIObject, OperationObject, ParameterObject } from 'openapi3-ts/oas31'

/** An operation as the document describes it. */
export interface Documented {
  readonly operationId: string
  readonly method: string
  readonly path: string
  readonly operation: OperationObject
  readonly parameters: readonly ParameterObject[]
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const

/** Every operation of the document: what it does not say is not tried. */
export const documented = (document: OpenAPIObject): Documented[] =>
  Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method]
      if (operation === undefined) return []
      const parameters = (operation.parameters ?? []) as ParameterObject[]
      return [
        { operationId: operation.operationId!, method: method.toUpperCase(), path, operation, parameters },
      ]
    }),
  )

export const exampleOf = ({ example, schema }: ParameterObject): string =>
  String(example ?? (schema as { examples?: unknown[] } | undefined)?.examples?.[0] ?? 'x')

/** The path with the examples of its parameters, and the query that it cannot do without. */
export function exampleUrl({ path, parameters }: Documented): string {
  const inPath = parameters.filter(({ in: place }) => place === 'path')
  const filled = inPath.reduce(
    (url, parameter) => url.replace(`{${parameter.name}}`, encodeURIComponent(exampleOf(parameter))),
    path,
  )
  const query = parameters.filter(({ in: place, required }) => place === 'query' && required)
  const text = new URLSearchParams(
    query.map((parameter): [string, string] => [parameter.name, exampleOf(parameter)]),
  )
  return text.size > 0 ? `${filled}?${text}` : filled
}

interface ExampleBody {
  readonly headers: Record<string, string>
  readonly body?: string
}

/** The body that the document gives as its example, with its media type. */
export function exampleBody({ operation: { requestBody } }: Documented): ExampleBody {
  if (requestBody === undefined || '$ref' in requestBody) return { headers: {} }
  const [[type, content]] = Object.entries(requestBody.content) as [[string, { example?: unknown }]]
  const { example } = content
  const body = typeof example === 'string' ? example : JSON.stringify(example)
  return { headers: { 'content-type': type }, body }
}

import {
  type OpenAPIObject,
  OpenApiBuilder,
  type PathItemObject,
  type ResponseObject,
} from 'openapi3-ts/oas31'
import { deliveries } from './deliveredEvents.ts'
import { describeOperation } from './describe.ts'
import { SchemaCollector } from './jsonSchema.ts'
import type { Operation } from './operation.ts'
import { PROBLEMS, type ProblemStatus, problem, problemType } from './problem.ts'

export interface DocumentInfo {
  readonly title: string
  readonly version: string
  readonly description: string
}

/** The OpenAPI 3.1 document of the operations. */
export function buildDocument(info: DocumentInfo, operations: readonly Operation[]): OpenAPIObject {
  const schemas = new SchemaCollector()
  const builder = OpenApiBuilder.create({ openapi: '3.1.1', info: { ...info, license: LICENSE } })
    .addServer({ url: '/', description: 'The service that answers this document' })
    .addSecurityScheme('token', TOKEN)
  for (const [name, description] of Object.entries(TAGS)) builder.addTag({ name, description })
  for (const [path, item] of pathsOf(operations, schemas)) builder.addPath(path, item)
  for (const [type, item] of deliveries(schemas)) builder.addWebhook(type, item)
  for (const [name, response] of problemResponses(schemas)) builder.addResponse(name, response)
  for (const [name, schema] of schemas.components) builder.addSchema(name, schema)
  return builder.getSpec()
}

const LICENSE = { name: 'MIT', identifier: 'MIT' }

const TOKEN = {
  type: 'http',
  scheme: 'bearer',
  description:
    'Each operation names the scope that its token needs: `read`, `trade` or `admin`; none implies another. The first start makes a token of all scopes and keeps it in `DATA_DIR/token`; `POST /v1/tokens` makes others. Bound to loopback, operations that also list no security are open.',
} as const

const TAGS = {
  'Market data': 'Instruments, stored bars, the candles made from them, and what is covered.',
  Backfills: 'Filling the past.',
  Research: 'Backtests of the strategy on stored bars.',
  Notifications: 'Being told of what happens: webhooks, a stream, and the log behind both.',
  Access: 'Who may do what, and who has done what.',
  Trading: 'What is held, ordered and decided, and what may be done.',
  Operations: 'How the service and its connection to the broker are.',
  Documentation: 'This document.',
} as const

function pathsOf(operations: readonly Operation[], schemas: SchemaCollector): Map<string, PathItemObject> {
  const paths = new Map<string, PathItemObject>()
  for (const operation of operations) {
    const described = describeOperation(operation, schemas)
    paths.set(operation.path, { ...paths.get(operation.path), [operation.method]: described })
  }
  return paths
}

/** Headers that come with a problem. */
const PROBLEM_HEADERS: { readonly [S in ProblemStatus]?: Readonly<Record<string, string>> } = {
  401: { 'WWW-Authenticate': 'Bearer' },
  405: { Allow: 'The methods that are allowed.' },
  429: { 'Retry-After': 'Seconds.' },
  503: { 'Retry-After': 'Seconds.' },
}

function problemResponses(schemas: SchemaCollector): [string, ResponseObject][] {
  const statuses = Object.keys(PROBLEMS).map((status) => Number(status) as ProblemStatus)
  return statuses.map((status) => [PROBLEMS[status].name, problemResponse(status, schemas)])
}

function problemResponse(status: ProblemStatus, schemas: SchemaCollector): ResponseObject {
  const { title } = PROBLEMS[status]
  const headers = Object.entries(PROBLEM_HEADERS[status] ?? {}).map(([name, description]) => [
    name,
    { description, schema: { type: 'string' } },
  ])
  const example = { type: problemType(status), title, status, detail: `${title}.` }
  return {
    description: title,
    ...(headers.length > 0 ? { headers: Object.fromEntries(headers) } : {}),
    content: { 'application/problem+json': { schema: schemas.describe(problem, 'output'), example } },
  }
}

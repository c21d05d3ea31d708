import type {
  HeadersObject,
  MediaTypeObject,
  OperationObject,
  ParameterLocation,
  ParameterObject,
  ResponseObject,
  ResponsesObject,
  SchemaObject,
  SecurityRequirementObject,
} from 'openapi3-ts/oas31'
import type { z } from 'zod'
import type { SchemaCollector } from './jsonSchema.ts'
import { type Access, type AnswerSpec, type Operation, problemsOf, type UploadSpec } from './operation.ts'
import { PROBLEMS } from './problem.ts'

/** An operation as the document says it. Its schemas go to `schemas`. */
export function describeOperation(operation: Operation, schemas: SchemaCollector): OperationObject {
  const parameters = [
    ...parametersOf(operation.params, 'path', schemas),
    ...parametersOf(operation.query, 'query', schemas),
    ...headersOf(operation),
  ]
  return {
    operationId: operation.operationId,
    tags: [operation.tag],
    summary: operation.summary,
    ...(operation.description === '' ? {} : { description: operation.description }),
    security: SECURITY[operation.access],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(operation.body === null ? {} : { requestBody: bodyOf(operation, operation.body, schemas) }),
    ...(operation.upload === null ? {} : { requestBody: uploadOf(operation.upload) }),
    responses: responsesOf(operation, schemas),
  }
}

/** With the scope that the token needs. Reading is open while the service listens on loopback: a token is one of two ways. */
const SECURITY: Record<Access, SecurityRequirementObject[]> = {
  open: [],
  read: [{}, { token: ['read'] }],
  write: [{ token: ['trade'] }],
  admin: [{ token: ['admin'] }],
}

function parametersOf(
  shape: z.ZodObject,
  place: ParameterLocation,
  schemas: SchemaCollector,
): ParameterObject[] {
  return Object.entries(shape.shape as Record<string, z.ZodType>).map(([name, field]) => {
    const schema = schemas.describe(field, 'input')
    const { description, examples } = { ...schemas.resolve(schema), ...schema }
    const required = !field.safeParse(undefined).success
    const shown = required && examples?.length ? { example: examples[0] } : {}
    return { name, in: place, required, schema, ...(description ? { description } : {}), ...shown }
  })
}

function headersOf(operation: Operation): ParameterObject[] {
  const key: ParameterObject = {
    name: 'Idempotency-Key',
    in: 'header',
    description: 'Any text of the client. For 24 hours the same key and body answer what was answered first.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
  }
  const tag: ParameterObject = {
    name: 'If-None-Match',
    in: 'header',
    description: 'The `ETag` of an earlier answer: 304 when nothing has changed.',
    schema: { type: 'string' },
  }
  const prefer: ParameterObject = {
    name: 'Prefer',
    in: 'header',
    description: '`respond-async` answers at once, without waiting for the result (RFC 7240).',
    schema: { type: 'string' },
  }
  const seen: ParameterObject = {
    name: 'Last-Event-ID',
    in: 'header',
    description: 'The `id` of the last event that the client has seen.',
    schema: { type: 'integer', minimum: 0 },
  }
  return [
    ...(operation.idempotent ? [key] : []),
    ...(operation.async ? [prefer] : []),
    ...(operation.etag ? [tag] : []),
    ...(operation.lastEventId ? [seen] : []),
  ]
}

const bodyOf = (operation: Operation, body: z.ZodType, schemas: SchemaCollector) => ({
  required: true,
  content: {
    'application/json': { schema: schemas.describe(body, 'input'), ...exampleOf(operation.bodyExample) },
  },
})

const uploadOf = ({ mediaTypes, example }: UploadSpec) => ({
  required: true,
  content: Object.fromEntries(
    mediaTypes.map((type, i) => [type, i === 0 ? { schema: TEXT, example } : { schema: BINARY }]),
  ),
})

const TEXT: SchemaObject = { type: 'string' }
const BINARY: SchemaObject = { type: 'string', format: 'binary' }

function responsesOf(operation: Operation, schemas: SchemaCollector): ResponsesObject {
  const answers = Object.entries(operation.answers).map(([status, answer]) => [
    status,
    responseOf(operation, answer, schemas),
  ])
  const unchanged = operation.etag ? [['304', { description: 'Nothing has changed.' }]] : []
  const problems = problemsOf(operation).map((status) => [
    String(status),
    { $ref: `#/components/responses/${PROBLEMS[status].name}` },
  ])
  return Object.fromEntries([...answers, ...unchanged, ...problems])
}

function responseOf(operation: Operation, answer: AnswerSpec, schemas: SchemaCollector): ResponseObject {
  const headers = { ...answer.headers, ...(operation.etag ? { ETag: 'The version of this answer.' } : {}) }
  const content = contentOf(answer, schemas)
  return {
    description: answer.description,
    ...(Object.keys(headers).length > 0 ? { headers: headersOfAnswer(headers) } : {}),
    ...(Object.keys(content).length > 0 ? { content } : {}),
  }
}

const headersOfAnswer = (headers: Readonly<Record<string, string>>): HeadersObject =>
  Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  )

function contentOf(answer: AnswerSpec, schemas: SchemaCollector): Record<string, MediaTypeObject> {
  const { schema, mediaType, csv, parquet } = answer
  const json = schema && { schema: schemas.describe(schema, 'output'), ...exampleOf(answer.example) }
  return {
    ...(json ? { 'application/json': json } : {}),
    ...(mediaType ? { [mediaType]: { schema: TEXT } } : {}),
    ...(parquet ? { 'application/vnd.apache.parquet': { schema: BINARY } } : {}),
    ...(csv ? { 'text/csv': { schema: TEXT, example: `${csv.header}\n${csv.example}\n` } } : {}),
  }
}

const exampleOf = (example: unknown): MediaTypeObject => (example === undefined ? {} : { example })

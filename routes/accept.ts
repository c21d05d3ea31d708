import type { Context, HonoRequest } from 'hono'
import { accepts } from 'hono/accepts'
import type { Asked, Format, Operation, UploadSpec } from '../openapi/operation.ts'
import { type Reading, readBody, readParams, readQuery } from '../openapi/read.ts'
import { readJson } from './json.ts'
import { HttpProblem, refusal } from './problem.ts'

/** Reads a request as the operation wants it, or throws the problem that it has. */
export function acceptRequest(operation: Operation, c: Context, bytes: Uint8Array): Asked<Operation> {
  return {
    params: paramsOf(operation, c.req),
    query: checked(readQuery(operation.query, new URL(c.req.url).searchParams)),
    body: operation.body === null ? null : bodyOf(operation, c.req, bytes),
    upload: operation.upload === null ? null : uploadOf(operation.upload, c.req),
    subject: null,
    respondAsync: operation.async && /(^|[,;\s])respond-async($|[,;\s])/i.test(c.req.header('prefer') ?? ''),
    lastEventId: operation.lastEventId ? lastEventIdOf(c.req) : null,
    format: formatOf(operation, c),
  } as Asked<Operation>
}

/** A parameter of a path that is none of ours names nothing that we have. */
function paramsOf(operation: Operation, request: HonoRequest) {
  const reading = readParams(operation.params, request.param())
  if (!reading.ok) throw new HttpProblem(404, 'There is nothing of that name.')
  return reading.value
}

function bodyOf({ body }: Operation, request: HonoRequest, bytes: Uint8Array): unknown {
  if (bytes.length === 0) throw new HttpProblem(400, 'A JSON body is expected, and there is none.')
  checkMediaType(request)
  return checked(readBody(body!, readJson(bytes)))
}

const JSON_TYPE = /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i

function checkMediaType(request: HonoRequest): void {
  const encoding = request.header('content-encoding')
  const isPlain = encoding === undefined || encoding.toLowerCase() === 'identity'
  if (isPlain && JSON_TYPE.test(request.header('content-type') ?? '')) return
  throw new HttpProblem(415, 'Send the body as Content-Type: application/json, in UTF-8 and not compressed.')
}

/** The body as it comes. More than may be sent is refused at once where the client says how much, else on its way. */
function uploadOf({ mediaTypes, mostBytes }: UploadSpec, request: HonoRequest): AsyncIterable<Uint8Array> {
  const type = request.header('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''
  const encoding = request.header('content-encoding')?.toLowerCase() ?? 'identity'
  if (!mediaTypes.includes(type) || !UPLOAD_ENCODINGS.includes(encoding)) {
    throw new HttpProblem(415, `Send the body as ${mediaTypes.join(' or ')}, plain or gzipped.`)
  }
  if (Number(request.header('content-length') ?? 0) > mostBytes) throw tooLong(mostBytes)
  return atMost(mostBytes, request.raw.body ?? new Blob([]).stream())
}

const UPLOAD_ENCODINGS = ['identity', 'gzip', 'x-gzip']

async function* atMost(mostBytes: number, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    if (bytes > mostBytes) throw tooLong(mostBytes)
    yield chunk
  }
}

const tooLong = (mostBytes: number) => new HttpProblem(413, `A body may have ${mostBytes} bytes here.`)

function lastEventIdOf(request: HonoRequest): number | null {
  const given = request.header('last-event-id') ?? ''
  if (given === '') return null
  if (/^\d{1,15}$/.test(given)) return Number(given)
  throw refusal([{ path: 'Last-Event-ID', message: 'must be the id of an event, a whole number' }])
}

const MEDIA_TYPES: Readonly<Record<Format, string>> = {
  json: 'application/json',
  csv: 'text/csv',
  parquet: 'application/vnd.apache.parquet',
}

function formatOf({ answers }: Operation, c: Context): Format {
  const { csv, parquet } = answers[200] ?? {}
  const offered: Format[] = [
    'json',
    ...(csv ? ['csv' as const] : []),
    ...(parquet ? ['parquet' as const] : []),
  ]
  if (offered.length === 1) return 'json'
  const supports = offered.map((format) => MEDIA_TYPES[format])
  const accepted = accepts(c, { header: 'Accept', supports, default: MEDIA_TYPES.json })
  return offered.find((format) => MEDIA_TYPES[format] === accepted) ?? 'json'
}

function checked<T>(reading: Reading<T>): T {
  if (!reading.ok) throw refusal(reading.faults)
  return reading.value
}

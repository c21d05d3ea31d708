import type { Context, HonoRequest } from 'hono'
import { accepts } from 'hono/accepts'
import type { Asked, Operation } from '../openapi/operation.ts'
import { type Reading, readBody, readParams, readQuery } from '../openapi/read.ts'
import { readJson } from './json.ts'
import { HttpProblem, refusal } from './problem.ts'

/** Reads a request as the operation wants it, or throws the problem that it has. */
export function acceptRequest(operation: Operation, c: Context, bytes: Uint8Array): Asked<Operation> {
  return {
    params: paramsOf(operation, c.req),
    query: checked(readQuery(operation.query, new URL(c.req.url).searchParams)),
    body: operation.body === null ? null : bodyOf(operation, c.req, bytes),
    csv: wantsCsv(operation, c),
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

function wantsCsv({ answers }: Operation, c: Context): boolean {
  if (answers[200]?.csv === undefined) return false
  const [json, csv] = ['application/json', 'text/csv']
  return accepts(c, { header: 'Accept', supports: [json, csv], default: json }) === csv
}

function checked<T>(reading: Reading<T>): T {
  if (!reading.ok) throw refusal(reading.faults)
  return reading.value
}

import { createHash } from 'node:crypto'
import type { AnswerStatus, LiveBody, Operation } from '../openapi/operation.ts'
import { byteStream, csvStream } from './csv.ts'
import type { AppContext } from './env.ts'
import type { Reply } from './idempotency.ts'
import type { Outcome } from './route.ts'

/** An outcome as text, to be sent or kept. */
export const replyOf = ({ status, headers, body, json }: Outcome): Reply => ({
  status,
  headers: { ...headers, 'Content-Type': 'application/json' },
  text: json ?? JSON.stringify(body),
})

/** A reader that takes nothing is cut off at the second look in a row: after ten seconds at the most (Node: Socket). */
const STALL_MS = 5_000

/** Of a table the next part may take as long as its query. */
const TABLE_STALL_MS = 10_000

/** Answers with an outcome, as JSON, as a table or as it is. A table that fails on its way is handed to `cut`. */
export async function send(
  c: AppContext,
  operation: Operation,
  outcome: Outcome,
  cut: (error: unknown) => void,
): Promise<Response> {
  const spec = operation.answers[outcome.status as AnswerStatus]
  const isTable = outcome.rows !== undefined || outcome.download !== undefined
  if (outcome.live === undefined) c.env?.outgoing?.setTimeout(isTable ? TABLE_STALL_MS : STALL_MS)
  if (outcome.rows !== undefined) {
    const stream = await csvStream(spec?.csv?.header ?? '', outcome.rows, cut)
    return c.body(await unlessHead(c, stream), 200, {
      'Content-Type': 'text/csv; charset=utf-8',
      Vary: 'Accept',
    })
  }
  if (outcome.download !== undefined) {
    const stream = await byteStream(outcome.download, cut)
    return c.body(await unlessHead(c, stream), 200, {
      'Content-Type': 'application/vnd.apache.parquet',
      'Content-Disposition': `attachment; filename="${outcome.fileName}"`,
      Vary: 'Accept',
    })
  }
  if (outcome.live !== undefined) return sendLive(c, outcome.live, cut)
  if (outcome.raw !== undefined) return sendBytes(c, operation, outcome, outcome.raw)
  const { headers, text } = replyOf(outcome)
  return sendBytes(c, operation, { ...outcome, headers }, text)
}

/** `no-transform` and `X-Accel-Buffering` keep proxies from holding frames back. */
async function sendLive(c: AppContext, live: LiveBody, cut: (error: unknown) => void): Promise<Response> {
  const stream = await byteStream(live.frames, cut)
  live.givenUp.addEventListener('abort', () => c.env?.outgoing?.destroy(), { once: true })
  return c.body(await unlessHead(c, stream), 200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store, no-transform',
    'X-Accel-Buffering': 'no',
  })
}

/** HEAD wants no body: what makes it is let go. */
async function unlessHead(
  c: AppContext,
  stream: ReadableStream<Uint8Array>,
): Promise<ReadableStream<Uint8Array>> {
  if (c.req.method === 'HEAD') await stream.cancel()
  return stream
}

export const sendReply = (c: AppContext, { status, headers, text }: Reply): Response =>
  c.body(text, status as 200, { ...headers })

/** Answers of an operation with versions carry an ETag; a client that has that version gets 304 (RFC 9110 §13.1.2). */
function sendBytes(
  c: AppContext,
  { etag, answers }: Operation,
  { status, headers, version }: Outcome,
  bytes: string | Uint8Array<ArrayBuffer>,
): Response {
  if (answers[200]?.csv !== undefined) c.header('Vary', 'Accept')
  if (status === 204) return c.body(null, 204)
  if (!etag) return c.body(bytes, status as 200, { ...headers })
  const tag = version === undefined ? tagOf(bytes) : `W/${tagOf(version)}`
  const versioned = { 'Cache-Control': 'private, no-cache', ...headers, ETag: tag }
  const isKnown = matches(c.req.header('if-none-match'), tag)
  return isKnown ? c.body(null, 304, versioned) : c.body(bytes, status as 200, versioned)
}

const tagOf = (content: string | Uint8Array): string =>
  `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`

const matches = (given: string | undefined, tag: string): boolean =>
  (given ?? '').split(',').some((part) => part.trim() === '*' || opaque(part.trim()) === opaque(tag))

/** RFC 9110 §8.8.3.2: weak or not is no matter here. */
const opaque = (tag: string): string => tag.replace(/^W\//, '')

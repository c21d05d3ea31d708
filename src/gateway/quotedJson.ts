const ERROR_MESSAGE = 4
/** `4 2 id code text json`: the fields before the JSON. */
const FIELDS_BEFORE = 5
const HEADER_BYTES = 4
const LONGEST_BYTES = 4_000

/**
 * A frame as it is, but an error whose last field should be JSON has it as one JSON string: the library parses that
 * field, TWS has sent some that is none, and a rejected order must be told all the same. `unquoted` gives the text back.
 */
export function withQuotedJson(frame: Buffer): Buffer {
  const body = frame.subarray(HEADER_BYTES)
  if (body[0] !== ERROR_MESSAGE + 0x30 || body[1] !== 0) return frame
  const from = afterFields(body, FIELDS_BEFORE)
  const to = from === -1 ? -1 : body.indexOf(0, from)
  if (to <= from) return frame
  const quoted = Buffer.from(
    `"${encodeURIComponent(body.toString('utf8', from, Math.min(to, from + LONGEST_BYTES)))}"`,
  )
  return framed(Buffer.concat([body.subarray(0, from), quoted, body.subarray(to)]))
}

export const unquoted = (details: unknown): string | null =>
  typeof details === 'string' ? decodeURIComponent(details) : null

/** Where the field after so many others begins, or -1. */
function afterFields(body: Buffer, count: number): number {
  let at = 0
  for (let i = 0; i < count; i++) {
    const end = body.indexOf(0, at)
    if (end === -1) return -1
    at = end + 1
  }
  return at
}

function framed(body: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt32BE(body.length)
  return Buffer.concat([header, body])
}

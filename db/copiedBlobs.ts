// PostgreSQL: COPY, Binary Format. A header, rows of a number (int8) and of bytes, each with its length, a trailer.
const HEADER_BYTES = 19
const COUNT_BYTES = 2
const NUMBER_BYTES = 4 + 8
const LENGTH_BYTES = 4
const BEFORE_BLOB = COUNT_BYTES + NUMBER_BYTES + LENGTH_BYTES

/** Rows of a whole number and a bytea, as COPY sends them. The bytes are good until the next row is asked for. */
export async function* copiedBlobs(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<[number, Uint8Array]> {
  let rest = Buffer.alloc(0)
  let at = HEADER_BYTES
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk])
    while (at + BEFORE_BLOB <= rest.length) {
      const blob = at + BEFORE_BLOB
      const end = blob + rest.readInt32BE(blob - LENGTH_BYTES)
      if (end > rest.length) break
      yield [Number(rest.readBigInt64BE(at + COUNT_BYTES + LENGTH_BYTES)), rest.subarray(blob, end)]
      at = end
    }
    if (at > rest.length) continue
    rest = rest.subarray(at)
    at = 0
  }
}

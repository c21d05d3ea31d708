/** Written to the socket at once; what a reader has not taken is not read from the database. */
const CHUNK_CHARACTERS = 64 * 1024

/** One line of a table; null is an empty field. Numbers, instants and booleans need no quotes; `csvText` is for others. */
export const csvLine = (fields: readonly (string | number | boolean | null)[]): string =>
  `${fields.join(',')}\n`

/** A text as a field, quoted where it must be (RFC 4180); anything else as it is. */
export const csvText = <T>(value: T): T | string =>
  typeof value === 'string' && /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value

/** A table as a stream below its header: row by row, or in chunks that are ready. */
export const csvStream = (
  header: string,
  rows: AsyncIterable<string | Uint8Array>,
  cut: (error: unknown) => void,
): Promise<ReadableStream<Uint8Array>> => byteStream(inChunks(`${header}\n`, rows), cut)

/**
 * Chunks as a stream that holds one at a time. The first is made before this resolves, so that what fails at once is
 * answered as a problem; what fails later is told to `cut`, for a stream that ended would look complete.
 */
export async function byteStream(
  made: AsyncIterable<Uint8Array>,
  cut: (error: unknown) => void,
): Promise<ReadableStream<Uint8Array>> {
  const chunks = made[Symbol.asyncIterator]()
  let first: IteratorResult<Uint8Array> | null = await chunks.next()
  let isLetGo = false
  const pull = async (stream: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    const { done, value } = first ?? (await chunks.next())
    first = null
    if (isLetGo) return
    if (done) stream.close()
    else stream.enqueue(value)
  }
  return new ReadableStream(
    {
      pull: (stream) =>
        pull(stream).catch((error: unknown) => {
          if (isLetGo) return
          cut(error)
          stream.close()
        }),
      async cancel() {
        isLetGo = true
        await chunks.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}

async function* inChunks(
  header: string,
  rows: AsyncIterable<string | Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  let text = header
  for await (const row of rows) {
    const isReady = typeof row !== 'string'
    if (!isReady) text += row
    if (text !== '' && (isReady || text.length >= CHUNK_CHARACTERS)) {
      yield Buffer.from(text)
      text = ''
    }
    if (isReady) yield row
  }
  if (text !== '') yield Buffer.from(text)
}

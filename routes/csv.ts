/** Written to the socket at once; what a reader has not taken is not read from the database. */
const CHUNK_CHARACTERS = 64 * 1024

/** One line of a table; null is an empty field. Fields are numbers, instants and booleans, which need no quotes. */
export const csvLine = (fields: readonly (string | number | boolean | null)[]): string =>
  `${fields.join(',')}\n`

/** A table as a stream of lines, below its header. */
export const csvStream = (
  header: string,
  rows: AsyncIterable<string>,
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
  const first = await chunks.next()
  return ReadableStream.from(resumed(first, chunks, cut))
}

async function* resumed(
  first: IteratorResult<Uint8Array>,
  chunks: AsyncIterator<Uint8Array>,
  cut: (error: unknown) => void,
): AsyncGenerator<Uint8Array, void> {
  try {
    for (let next = first; !next.done; next = await chunks.next()) yield next.value
  } catch (error) {
    cut(error)
  } finally {
    await chunks.return?.()
  }
}

async function* inChunks(header: string, rows: AsyncIterable<string>): AsyncGenerator<Uint8Array, void> {
  let text = header
  for await (const row of rows) {
    text += row
    if (text.length < CHUNK_CHARACTERS) continue
    yield Buffer.from(text)
    text = ''
  }
  if (text !== '') yield Buffer.from(text)
}

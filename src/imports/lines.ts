/** A line of a file, counted from 1, without its end. */
export interface Line {
  readonly number: number
  readonly text: string
}

/** Longer than any line of bars: what is longer is none. */
const MOST_CHARACTERS = 1_000

/**
 * The lines of a text, a batch for each chunk; blank ones are left out, and so is a byte order mark. Of a line that is
 * too long the first part is given, as the last. Bytes count as characters: a line of bars is ASCII.
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line[]> {
  let rest = ''
  let number = 0
  for await (const chunk of chunks) {
    const texts = (rest + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString('latin1')).split(
      '\n',
    )
    rest = texts.pop()!
    yield numbered(texts, number)
    number += texts.length
    if (rest.length > MOST_CHARACTERS) return yield numbered([rest.slice(0, MOST_CHARACTERS)], number)
  }
  yield numbered([rest], number)
}

const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf'

const numbered = (texts: readonly string[], before: number): Line[] =>
  texts
    .map((text, i) => ({ number: before + i + 1, text: trimmed(text, before + i) }))
    .filter(({ text }) => text !== '')

function trimmed(text: string, index: number): string {
  const begun = index === 0 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text
  return begun.endsWith('\r') ? begun.slice(0, -1) : begun
}

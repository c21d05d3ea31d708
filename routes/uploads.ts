import { createHash } from 'node:crypto'

/** An upload that is hashed as it passes; `hash` is of what has passed so far. */
export function hashed(chunks: AsyncIterable<Uint8Array>): {
  readonly through: AsyncIterable<Uint8Array>
  hash(): string
} {
  const hash = createHash('sha256')
  async function* through(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      hash.update(chunk)
      yield chunk
    }
  }
  return { through: through(), hash: () => hash.copy().digest('hex') }
}

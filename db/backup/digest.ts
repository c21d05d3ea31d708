import { createHash } from 'node:crypto'
import { Transform } from 'node:stream'

/** What is known of a table's rows: by this they are recognised. */
export interface Digest {
  readonly rows: number
  /** SHA-256 of the rows as COPY writes them, in the order of their key. */
  readonly sha256: string
}

const NEWLINE = 10

/** Lets the text of COPY through, counts its rows and hashes it: a newline inside a value is written as two characters. */
export function digesting(): { readonly through: Transform; digest(): Digest } {
  const hash = createHash('sha256')
  let rows = 0
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) rows++
      done(null, chunk)
    },
  })
  return { through, digest: () => ({ rows, sha256: hash.digest('hex') }) }
}

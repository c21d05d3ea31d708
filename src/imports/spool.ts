import { createHash, type Hash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'

type Bytes = AsyncIterable<Uint8Array>

/** An upload on disk, as it was sent: it is read twice, and a slow client holds no transaction open. */
export interface Spooled {
  /** The same for the same bytes. */
  readonly id: string
  /** What was sent, gunzipped where it begins as gzip does. */
  read(): Bytes
  remove(): Promise<void>
}

/** Writes what is sent to a file of its own, below the system's folder for such. */
export async function spooled(sent: Bytes): Promise<Spooled> {
  const folder = await mkdtemp(join(tmpdir(), 'pivot-import-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  const path = join(folder, 'body')
  try {
    const hash = createHash('sha256')
    await pipeline(sent, noting(hash), createWriteStream(path, { mode: 0o600 }))
    const id = hash.digest('hex').slice(0, ID_CHARACTERS)
    return { id, read: await reading(path), remove }
  } catch (error) {
    await remove()
    throw error
  }
}

/** What reads a file, gunzipped where it begins as gzip does. Rejects where it cannot be opened. */
export async function reading(path: string): Promise<() => Bytes> {
  const isGzip = await beginsAsGzip(path)
  return () => (isGzip ? gunzipped(path) : createReadStream(path))
}

const ID_CHARACTERS = 32

const noting = (hash: Hash) =>
  async function* (chunks: Bytes): Bytes {
    for await (const chunk of chunks) {
      hash.update(chunk)
      yield chunk
    }
  }

/** RFC 1952: two bytes that no text begins with. */
async function beginsAsGzip(path: string): Promise<boolean> {
  const file = await open(path)
  const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0).finally(() => file.close())
  return buffer.equals(Buffer.from([0x1f, 0x8b]))
}

function gunzipped(path: string): Bytes {
  const gunzip = createGunzip()
  pipeline(createReadStream(path), gunzip).catch(() => {}) // told by the reader, whose stream it ends
  return gunzip
}

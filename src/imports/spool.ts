import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdtemp, open, rm, writeFile } from 'node:fs/promises'
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

/** Writes what is sent to a file without a name: it goes with the process, however that ends. */
export async function spooled(sent: Bytes): Promise<Spooled> {
  const file = await namelessFile()
  const remove = () => file.close()
  try {
    const hash = createHash('sha256')
    await writeFile(file, noted(sent, hash))
    const id = hash.digest('hex').slice(0, ID_CHARACTERS)
    const isGzip = await beginsAsGzip(file)
    return { id, read: () => plain(contents(file), isGzip), remove }
  } catch (error) {
    await remove()
    throw error
  }
}

/** What reads a file, gunzipped where it begins as gzip does. Rejects where it cannot be opened. */
export async function reading(path: string): Promise<() => Bytes> {
  const file = await open(path)
  const isGzip = await beginsAsGzip(file).finally(() => file.close())
  return () => plain(createReadStream(path), isGzip)
}

/** Made in the system's folder for such, and at once taken out of it. */
async function namelessFile(): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir(), 'pivot-import-'))
  const opening = open(join(folder, 'body'), 'wx+', 0o600)
  return opening.finally(() => rm(folder, { recursive: true, force: true }))
}

const ID_CHARACTERS = 32

async function* noted(chunks: Bytes, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    hash.update(chunk)
    yield chunk
  }
}

const CHUNK_BYTES = 65_536

/** From the start on, however far others have read. */
async function* contents(file: FileHandle): AsyncGenerator<Uint8Array> {
  for (let at = 0; ; ) {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, at)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
    at += bytesRead
  }
}

/** RFC 1952: two bytes that no text begins with. */
async function beginsAsGzip(file: FileHandle): Promise<boolean> {
  const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0)
  return buffer.equals(Buffer.from([0x1f, 0x8b]))
}

function plain(bytes: Bytes, isGzip: boolean): Bytes {
  if (!isGzip) return bytes
  const gunzip = createGunzip()
  pipeline(bytes, gunzip).catch(() => {}) // told by the reader, whose stream it ends
  return gunzip
}

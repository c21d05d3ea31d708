import { invalid } from '../errors.ts'

/** The longest body that TWS and its own clients accept. */
export const MAX_FRAME_BYTES = 0xffffff

const HEADER_BYTES = 4

/** A body with its length before it, as both sides send it. */
export function frame(body: string): Buffer {
  const bytes = Buffer.byteLength(body)
  const framed = Buffer.allocUnsafe(HEADER_BYTES + bytes)
  framed.writeUInt32BE(bytes)
  framed.write(body, HEADER_BYTES)
  return framed
}

/** Cuts a byte stream, however it arrives, into the bodies of its frames. */
export class FrameReader {
  #chunks: Buffer[] = []
  #heldBytes = 0
  #wantedBytes = HEADER_BYTES

  /** The bodies that `chunk` completes. Throws `invalid` on a length no peer may send: nothing after it can be read. */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk)
    this.#heldBytes += chunk.length
    return this.#heldBytes < this.#wantedBytes ? [] : this.#cut()
  }

  #cut(): Buffer[] {
    const bodies: Buffer[] = []
    let rest = Buffer.concat(this.#chunks, this.#heldBytes)
    this.#wantedBytes = wantedBytes(rest)
    while (rest.length >= this.#wantedBytes && rest.length >= HEADER_BYTES) {
      bodies.push(rest.subarray(HEADER_BYTES, this.#wantedBytes))
      rest = rest.subarray(this.#wantedBytes)
      this.#wantedBytes = wantedBytes(rest)
    }
    this.#hold(rest)
    return bodies
  }

  #hold(rest: Buffer): void {
    this.#chunks = rest.length === 0 ? [] : [rest]
    this.#heldBytes = rest.length
  }
}

function wantedBytes(held: Buffer): number {
  if (held.length < HEADER_BYTES) return HEADER_BYTES
  const length = held.readInt32BE()
  if (length <= 0 || length > MAX_FRAME_BYTES) throw invalid(`a frame of ${length} bytes`)
  return HEADER_BYTES + length
}

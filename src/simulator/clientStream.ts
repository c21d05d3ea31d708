import { invalid } from '../errors.ts'
import { FrameReader } from './frame.ts'
import { GREETING } from './handshake.ts'

/** The bytes of one client: `API\0` once, and frames from then on. The first body is its offer of versions. */
export class ClientStream {
  readonly #frames = new FrameReader()
  #greeting: Buffer | null = Buffer.alloc(0)

  /** The bodies that `chunk` completes. Throws `invalid` on what no API client sends. */
  push(chunk: Buffer): Buffer[] {
    const framed = this.#greeting === null ? chunk : this.#greet(Buffer.concat([this.#greeting, chunk]))
    return framed.length > 0 ? this.#frames.push(framed) : []
  }

  /** What is left of the first bytes once the greeting has been read off. */
  #greet(first: Buffer): Buffer {
    const seen = first.subarray(0, GREETING.length)
    if (!seen.equals(GREETING.subarray(0, seen.length))) throw invalid('no API client')
    this.#greeting = seen.length === GREETING.length ? null : first
    return first.subarray(GREETING.length)
  }
}

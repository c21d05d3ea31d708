import { inflateSync } from 'node:zlib'

/** What archives of before held: the lowest byte of every number, then the next, deflated. The sign is the lowest bit. */
const BYTES = Int32Array.BYTES_PER_ELEMENT

/** How such bytes begin: zlib's header. */
export const DEFLATED = 0x78

/** The numbers again. Throws when a byte has changed: zlib keeps a checksum. */
export function inflated(bytes: Uint8Array): Int32Array {
  const planes = inflateSync(bytes)
  const length = planes.length / BYTES
  const numbers = new Int32Array(length)
  for (let at = 0; at < length; at++) {
    const lower = planes[at]! | (planes[length + at]! << 8)
    const upper = planes[2 * length + at]! | (planes[3 * length + at]! << 8)
    const zigzag = lower | (upper << 16)
    numbers[at] = (zigzag >>> 1) ^ -(zigzag & 1)
  }
  return numbers
}

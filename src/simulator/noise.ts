import type { Random } from '../market/time.ts'

/** A number of 32 bits that depends on every part and on their order (FNV-1a, then murmur3's finaliser). */
export const hashOf = (...parts: readonly (string | number)[]): number =>
  mixed(absorbed(FNV_OFFSET, parts.join('\0')))

/** `hashOf(first, …, last)` for many last parts. */
export function hashesOf(...first: readonly (string | number)[]): (last: string | number) => number {
  const begun = absorbed(FNV_OFFSET, `${first.join('\0')}\0`)
  return (last) => mixed(absorbed(begun, String(last)))
}

const FNV_OFFSET = 0x811c9dc5

function absorbed(hash: number, text: string): number {
  let after = hash
  for (let i = 0; i < text.length; i++) after = Math.imul(after ^ text.charCodeAt(i), 0x01000193)
  return after
}

/** Draws from the standard normal distribution (Box and Muller). */
export function normalFrom(random: Random): Random {
  let spare: number | null = null
  return () => {
    if (spare !== null) {
      const drawn = spare
      spare = null
      return drawn
    }
    const radius = Math.sqrt(-2 * Math.log(1 - random()))
    const angle = 2 * Math.PI * random()
    spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }
}

function mixed(hash: number): number {
  let value = hash
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}

/**
 * Whole numbers of 32 bits in blocks of 0, 4, 8, 16 or 32 bits a number, whichever is enough for the largest: prices that
 * change little from second to second become about as small as when deflated, and are read ten times as fast. In words:
 *
 *   divisor · a byte for each block: its bits · for each block: its least number · how many divisors each is above it
 *
 * With 32 bits the numbers themselves. Numbers lie from the lowest bits of a word on.
 */
const BLOCK = 128
const WORD_BITS = 32
const WORD_BYTES = 4
const WIDTHS = [0, 4, 8, 16, WORD_BITS] as const

/** Stands for null, below all other numbers. */
export const NULL = -(2 ** 31)

/** The words that `unpackNumbers` takes back. */
export function packNumbers(numbers: Int32Array): Int32Array {
  const divisor = commonDivisor(numbers)
  const blocks = Math.ceil(numbers.length / BLOCK)
  let at = firstBlock(0, blocks)
  const words = new Int32Array(at + blocks + numbers.length)
  const widths = new Uint8Array(words.buffer, WORD_BYTES, blocks)
  words[0] = divisor
  for (let block = 0; block < blocks; block++) {
    const part = numbers.subarray(block * BLOCK, (block + 1) * BLOCK)
    widths[block] = packBlock(part, divisor, words, at)
    at += wordsOf(part.length, widths[block]!)
  }
  return words.subarray(0, at)
}

/** Fills `into` from what begins at a word. Returns where it ends. */
export function unpackNumbers(words: Int32Array, begin: number, into: Int32Array): number {
  const blocks = Math.ceil(into.length / BLOCK)
  const divisor = words[begin]!
  const packed = viewsOf(words)
  let at = firstBlock(begin, blocks)
  for (let block = 0; block < blocks; block++) {
    const [from, to] = [block * BLOCK, Math.min((block + 1) * BLOCK, into.length)]
    const width = packed.bytes[(begin + 1) * WORD_BYTES + block]!
    const least = words[at]!
    if (width === 0) into.fill(least, from, to)
    else if (width === 4) unpackHalfBytes(packed.bytes, (at + 1) * 4, least, divisor, into, from, to)
    else if (width === 8) unpackBytes(packed.bytes, (at + 1) * 4, least, divisor, into, from, to)
    else if (width === 16) unpackShorts(packed.shorts, (at + 1) * 2, least, divisor, into, from, to)
    else into.set(words.subarray(at + 1, at + 1 + to - from), from)
    at += wordsOf(to - from, width)
  }
  return at
}

/** Behind the divisor and the widths. */
const firstBlock = (begin: number, blocks: number): number => begin + 1 + Math.ceil(blocks / WORD_BYTES)

/** Of a block, its least number included. */
const wordsOf = (length: number, width: number): number => 1 + Math.ceil((length * width) / WORD_BITS)

const viewsOf = ({ buffer, byteOffset, byteLength }: Int32Array) => ({
  bytes: new Uint8Array(buffer, byteOffset, byteLength),
  shorts: new Uint16Array(buffer, byteOffset, byteLength / 2),
})

/** Returns the bits of a number. */
function packBlock(numbers: Int32Array, divisor: number, words: Int32Array, at: number): number {
  const least = numbers.reduce((a, b) => Math.min(a, b))
  const width = widthOf(numbers, least, divisor)
  words[at] = least
  if (width === WORD_BITS) words.set(numbers, at + 1)
  if (width === 0 || width === WORD_BITS) return width
  const perWord = WORD_BITS / width
  for (const [k, number] of numbers.entries()) {
    words[at + 1 + Math.floor(k / perWord)]! |= ((number - least) / divisor) << (width * (k % perWord))
  }
  return width
}

function widthOf(numbers: Int32Array, least: number, divisor: number): number {
  const most = numbers.reduce((a, b) => Math.max(a, b))
  if (least === NULL) return most === NULL ? 0 : WORD_BITS
  const needed = Math.ceil(Math.log2((most - least) / divisor + 1))
  return WIDTHS.find((bits) => bits >= needed)!
}

// The loops that reading costs: one each, so that each knows the array it reads from.

function unpackHalfBytes(
  bytes: Uint8Array,
  begin: number,
  least: number,
  divisor: number,
  into: Int32Array,
  from: number,
  to: number,
): void {
  let at = begin
  for (let i = from; i < to; i += 2) {
    const two = bytes[at++]!
    into[i] = least + Math.imul(two & 15, divisor)
    if (i + 1 < to) into[i + 1] = least + Math.imul(two >>> 4, divisor)
  }
}

function unpackBytes(
  bytes: Uint8Array,
  begin: number,
  least: number,
  divisor: number,
  into: Int32Array,
  from: number,
  to: number,
): void {
  let at = begin
  for (let i = from; i < to; i++) into[i] = least + Math.imul(bytes[at++]!, divisor)
}

function unpackShorts(
  shorts: Uint16Array,
  begin: number,
  least: number,
  divisor: number,
  into: Int32Array,
  from: number,
  to: number,
): void {
  let at = begin
  for (let i = from; i < to; i++) into[i] = least + Math.imul(shorts[at++]!, divisor)
}

/** What all numbers are multiples of: prices in cents are multiples of a hundred. */
function commonDivisor(numbers: Int32Array): number {
  let divisor = 0
  for (const number of numbers) {
    if (number === NULL) continue
    for (let rest = Math.abs(number); rest !== 0; ) [divisor, rest] = [rest, divisor % rest]
    if (divisor === 1) break
  }
  return divisor || 1
}

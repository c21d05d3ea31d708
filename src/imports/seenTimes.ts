import type { EpochMs } from '../market/time.ts'

const TIMES_PER_BLOCK = 4_096

/** Which times have occurred: one bit each, in blocks that are made when first needed. */
export class SeenTimes {
  readonly #stepMs: number
  readonly #blocks = new Map<number, Uint8Array>()

  constructor(stepMs: number) {
    this.#stepMs = stepMs
  }

  /** Notes a time, a whole multiple of the step. Returns whether it is new. */
  add(time: EpochMs): boolean {
    const index = time / this.#stepMs
    const block = this.#blockOf(Math.floor(index / TIMES_PER_BLOCK))
    const [byte, bit] = [(index % TIMES_PER_BLOCK) >> 3, 1 << (index & 7)]
    const isNew = (block[byte]! & bit) === 0
    block[byte]! |= bit
    return isNew
  }

  #blockOf(number: number): Uint8Array {
    const block = this.#blocks.get(number) ?? new Uint8Array(TIMES_PER_BLOCK / 8)
    this.#blocks.set(number, block)
    return block
  }
}

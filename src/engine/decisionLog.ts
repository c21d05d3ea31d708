import type { Action } from '../strategy/decision.ts'
import type { Decisions, Stance } from '../strategy/strategy.ts'

/** Why the engine does not do what the strategy wants: an order is on its way, the hour, no share to be had. */
export type Veto = 'order' | 'hour' | 'size'

/** What is kept of a decision: enough to tell it again in full. */
export interface Outline {
  readonly stance: Stance
  readonly isLong: boolean
  /** What was done, and what hindered it. */
  readonly action: Action
  readonly veto: Veto | null
}

const ACTIONS = ['none', 'enter', 'exit'] as const satisfies Action[]
const VETOES = [null, 'order', 'hour', 'size'] as const satisfies (Veto | null)[]

/**
 * Decisions as columns, one row for each candle from the first on: 25 bytes a candle. Columns are longer than `length`:
 * read only below it, and not through a reference kept across `reserve`.
 */
export class DecisionLog implements Decisions {
  length = 0
  swingHigh!: Int32Array
  swingLow!: Int32Array
  movingAverage!: Float64Array
  stop!: Float64Array
  /** Position, action and veto as one number. */
  deed!: Uint8Array

  constructor(capacity: number) {
    this.#allocate(Math.max(1, capacity))
  }

  /** Makes room for rows up to `length`, for a strategy to observe into. */
  reserve(length: number): void {
    if (length > this.deed.length) this.#grow(Math.max(length, this.deed.length * 2))
  }

  /** Completes the rows before `to`, which a strategy has filled: nothing was done. */
  pass(to: number, isLong: boolean): void {
    const deed = deedOf(isLong, 'none', null)
    for (let i = this.length; i < to; i++) this.deed[i] = deed
    this.length = to
  }

  /** Completes the next row, at which the strategy wanted something. An entry that is hindered has no stop. */
  record(isLong: boolean, action: Action, veto: Veto | null): void {
    const i = this.length++
    if (!isLong && action === 'none') this.stop[i] = Number.NaN
    this.deed[i] = deedOf(isLong, action, veto)
  }

  /** Throws a RangeError outside 0 <= i < length. */
  at(i: number): Outline {
    if (!(i >= 0 && i < this.length)) throw new RangeError(`no decision ${i} of ${this.length}`)
    const deed = this.deed[i]!
    return {
      stance: {
        swingHigh: this.swingHigh[i]!,
        swingLow: this.swingLow[i]!,
        movingAverage: this.movingAverage[i]!,
        stop: this.stop[i]!,
      },
      isLong: (deed & 1) === 1,
      action: ACTIONS[(deed >> 1) & 3]!,
      veto: VETOES[deed >> 3]!,
    }
  }

  /** How many decisions this has hindered. */
  countOf(veto: Veto): number {
    const code = VETOES.indexOf(veto)
    let count = 0
    for (let i = 0; i < this.length; i++) if (this.deed[i]! >> 3 === code) count++
    return count
  }

  /** Whether row `i` is the same, bit for bit. */
  agrees(other: DecisionLog, i: number): boolean {
    return (
      this.deed[i] === other.deed[i] &&
      this.swingHigh[i] === other.swingHigh[i] &&
      this.swingLow[i] === other.swingLow[i] &&
      Object.is(this.movingAverage[i], other.movingAverage[i]) &&
      Object.is(this.stop[i], other.stop[i])
    )
  }

  #allocate(capacity: number): void {
    // One block: five would be a tenth of the work of a year.
    const block = new ArrayBuffer(capacity * (8 + 8 + 4 + 4 + 1))
    this.movingAverage = new Float64Array(block, 0, capacity)
    this.stop = new Float64Array(block, capacity * 8, capacity)
    this.swingHigh = new Int32Array(block, capacity * 16, capacity)
    this.swingLow = new Int32Array(block, capacity * 20, capacity)
    this.deed = new Uint8Array(block, capacity * 24, capacity)
  }

  #grow(capacity: number): void {
    const { swingHigh, swingLow, movingAverage, stop, deed } = this
    this.#allocate(capacity)
    this.swingHigh.set(swingHigh)
    this.swingLow.set(swingLow)
    this.movingAverage.set(movingAverage)
    this.stop.set(stop)
    this.deed.set(deed)
  }
}

/** Bit 0 is the position, bits 1 and 2 the action, the others the veto. Nothing done while flat is 0. */
function deedOf(isLong: boolean, action: Action, veto: Veto | null): number {
  return (isLong ? 1 : 0) | (ACTIONS.indexOf(action) << 1) | (VETOES.indexOf(veto) << 3)
}

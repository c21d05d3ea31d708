import { type BarSize, barSizeMs } from '../market/barSize.ts'
import type { Bar } from '../market/series.ts'
import { sessionAt } from '../market/session.ts'
import { epochMs, type TimeRange } from '../market/time.ts'
import type { ImportLine } from '../ports/imports.ts'
import type { LineFault } from './barLine.ts'
import type { ReadLine } from './readBars.ts'

/** What a file holds. */
export interface Inspection {
  readonly received: number
  readonly quarantined: number
  readonly rejected: readonly ImportLine[]
  /** From the first bar's start to the last bar's end; null without a bar. */
  readonly span: TimeRange | null
  /** Whether a bar lies outside the regular hours. */
  readonly extended: boolean
}

/** Why a file is not taken. */
export interface Refusal {
  readonly kind: 'unreadable' | 'refused'
  readonly faults: readonly ImportLine[]
}

const MOST_FAULTS = 100
const MOST_REJECTED = 1_000
const MOST_LINES = 10_000_000

/** Reads a file to its end, or until enough is wrong with it. */
export async function inspect(
  batches: AsyncIterable<readonly ReadLine[]>,
  size: BarSize,
): Promise<Inspection | Refusal> {
  const findings = new Findings(size)
  for await (const batch of batches) {
    for (const line of batch) findings.add(line)
    if (findings.isHopeless) break
  }
  return findings.verdict()
}

class Findings {
  readonly #size: BarSize
  readonly #faults: (ImportLine & Pick<LineFault, 'kind'>)[] = []
  readonly #rejected: ImportLine[] = []
  #received = 0
  #quarantined = 0
  #from = Number.POSITIVE_INFINITY
  #to = Number.NEGATIVE_INFINITY
  #extended = false

  constructor(size: BarSize) {
    this.#size = size
  }

  get isHopeless(): boolean {
    return this.#faults.length >= MOST_FAULTS
  }

  add(read: ReadLine): void {
    this.#received++
    if ('bar' in read) this.#addBar(read.bar)
    else if ('bad' in read) this.#quarantined++
    else this.#addFault(read.line, read.fault)
    if (this.#received > MOST_LINES) this.#addFault(read.line, TOO_MANY_LINES)
  }

  verdict(): Inspection | Refusal {
    const faults = this.#faults.slice(0, MOST_FAULTS).map(({ kind: _, ...fault }) => fault)
    if (this.#faults.some(({ kind }) => kind === 'unreadable')) return { kind: 'unreadable', faults }
    if (faults.length > 0) return { kind: 'refused', faults }
    const span = this.#from < this.#to ? { from: epochMs(this.#from), to: epochMs(this.#to) } : null
    const [received, quarantined, rejected] = [this.#received, this.#quarantined, this.#rejected]
    return { received, quarantined, rejected, span, extended: this.#extended }
  }

  #addBar({ time }: Bar): void {
    const to = time + barSizeMs(this.#size)
    if (time < this.#from) this.#from = time
    if (to > this.#to) this.#to = to
    if (!this.#extended && this.#size !== '1d') this.#extended = isOutside(time, to)
  }

  #addFault(line: number, { kind, column, message }: LineFault): void {
    if (kind !== 'rejected') this.#faults.push({ kind, line, column, message })
    else if (this.#rejected.length < MOST_REJECTED) this.#rejected.push({ line, column, message })
    else this.#addFault(line, TOO_MANY_REJECTED)
  }
}

/** Whether a bar has no moment of regular hours in it. */
const isOutside = (from: number, to: number): boolean =>
  sessionAt(epochMs(from), 'rth') === null && sessionAt(epochMs(to - 1), 'rth') === null

const TOO_MANY_LINES: LineFault = {
  kind: 'refused',
  column: null,
  message: `is one line too many: send at most ${MOST_LINES} at once`,
}

const TOO_MANY_REJECTED: LineFault = {
  kind: 'refused',
  column: null,
  message: `is the line after ${MOST_REJECTED} that would be left out: this is not the file that was meant`,
}

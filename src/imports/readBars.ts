import { faultOf, type RejectedBar, sampleOf } from '../market/badValue.ts'
import type { Bar } from '../market/series.ts'
import { type EpochMs, MINUTE_MS, SECOND_MS } from '../market/time.ts'
import { barOf, columnCount, HEADER, type ImportSize, isFault, type LineFault } from './barLine.ts'
import { type Line, linesOf } from './lines.ts'
import { SeenTimes } from './seenTimes.ts'

/** What a line turned out to be; `bad` values go to the quarantine. */
export type ReadLine =
  | { readonly line: number; readonly bar: Bar }
  | { readonly line: number; readonly bad: RejectedBar }
  | { readonly line: number; readonly fault: LineFault }

export interface ReadOptions {
  readonly size: ImportSize
  /** Market time. */
  readonly now: EpochMs
}

/**
 * Reads a file of bars, in any order. Of lines with the same time the first counts. A header that is none ends it;
 * a stream that breaks, as a gzip that is cut off, is the fault of the line that it breaks in.
 */
export async function* readBars(
  bytes: AsyncIterable<Uint8Array>,
  options: ReadOptions,
): AsyncGenerator<ReadLine[]> {
  const reader = new LineReader(options)
  let line = 0
  try {
    for await (const lines of linesOf(bytes)) {
      line = lines.at(-1)?.number ?? line
      yield reader.read(lines)
      if (reader.hasNoHeader) return
    }
  } catch (error) {
    yield [{ line: line + 1, fault: broken(error) }]
  }
  if (line === 0) yield [{ line: 1, fault: NO_HEADER }]
}

const NO_HEADER: LineFault = { kind: 'unreadable', column: null, message: `is not the header ${HEADER}` }

/** zlib's own codes; anything else is not the file's fault. */
function broken(error: unknown): LineFault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (!/^Z_/.test(code)) throw error
  return { kind: 'unreadable', column: null, message: `cannot be read: the gzip is damaged (${code})` }
}

class LineReader {
  readonly #options: ReadOptions
  readonly #seen: SeenTimes
  #columns: number | null | undefined

  constructor(options: ReadOptions) {
    this.#options = options
    this.#seen = new SeenTimes(options.size === '1s' ? SECOND_MS : MINUTE_MS)
  }

  get hasNoHeader(): boolean {
    return this.#columns === null
  }

  read(lines: readonly Line[]): ReadLine[] {
    if (this.#columns !== undefined || lines.length === 0) return lines.map((line) => this.#readLine(line))
    const [header, ...rest] = lines
    this.#columns = columnCount(header!.text)
    if (this.#columns === null) return [{ line: header!.number, fault: NO_HEADER }]
    return rest.map((line) => this.#readLine(line))
  }

  #readLine({ number, text }: Line): ReadLine {
    const { size, now } = this.#options
    const bar = barOf(text, this.#columns!, size, now)
    if (isFault(bar)) return { line: number, fault: bar }
    if (!this.#seen.add(bar.time)) return { line: number, fault: REPEATED }
    const reason = faultOf(bar, size)
    if (reason === null) return { line: number, bar }
    return { line: number, bad: { time: bar.time, reason, sample: sampleOf(bar) } }
  }
}

const REPEATED: LineFault = { kind: 'rejected', column: 'time', message: 'an earlier line has the same time' }

import type { BarSize } from '../market/barSize.ts'
import type { Instrument } from '../market/instrument.ts'
import type { IngestCounts } from './bars.ts'

export interface ImportLine {
  readonly line: number
  /** The column, or null where it is the whole line. */
  readonly column: string | null
  readonly message: string
}

interface ImportCounts extends IngestCounts {
  /** Lines with content below the header. */
  readonly received: number
  /** Bars with values that cannot be: kept aside. */
  readonly quarantined: number
  /** Lines that were left out. */
  readonly rejected: readonly ImportLine[]
}

/** `refused` and `unreadable`: nothing was written. `faults` are the first lines at fault. */
export type Imported =
  | { readonly kind: 'imported'; readonly counts: ImportCounts }
  | { readonly kind: 'unreadable' | 'refused'; readonly faults: readonly ImportLine[] }

/** Files of bars. One is written at a time, in one transaction. */
export interface BarImports {
  run(
    instrument: Instrument,
    size: Extract<BarSize, '1s' | '1m' | '1h' | '1d'>,
    body: AsyncIterable<Uint8Array>,
  ): Promise<Imported>
}

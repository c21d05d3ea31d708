import type { Instrument } from '../market/instrument.ts'
import type { QualifiedInstrument } from './marketData.ts'

export interface InstrumentStore {
  /** Oldest first. */
  list(): Promise<Instrument[]>
  find(symbol: string): Promise<Instrument | null>
  /** Inserts, or brings up to date what the broker says; `tracked` is left alone on an update. */
  save(qualified: QualifiedInstrument): Promise<Instrument>
  track(symbol: string, tracked: boolean): Promise<Instrument | null>
}

import { createHash } from 'node:crypto'
import type { BarSeries } from '../market/series.ts'

const COLUMNS = ['time', 'open', 'high', 'low', 'close', 'volume', 'vwap', 'tradeCount'] as const

/** SHA-256 of bars, however they are cut into series: a hash of each column, and one of these. */
export class DataVersion {
  readonly #hashes = COLUMNS.map(() => createHash('sha256'))

  add(bars: BarSeries): void {
    for (const [k, name] of COLUMNS.entries()) this.#hashes[k]!.update(bars[name].subarray(0, bars.length))
  }

  /** In hexadecimal. To be asked once. */
  digest(): string {
    const whole = createHash('sha256')
    for (const hash of this.#hashes) whole.update(hash.digest())
    return whole.digest('hex')
  }
}

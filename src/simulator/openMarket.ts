import { generatedMarket } from './generator.ts'
import type { MarketSource } from './market.ts'
import { openTape } from './tape.ts'

export interface MarketOptions {
  /** CSV files to replay; none for the generator. */
  readonly tape: readonly string[]
  readonly seed: number
  /** What the generator lists; every plausible US stock when left out. */
  readonly symbols?: readonly string[]
}

/** Reads the tape, or sets up the generator. Rejects with `invalid` on a file that is no tape. */
export const openMarket = async ({ tape, seed, symbols }: MarketOptions): Promise<MarketSource> =>
  tape.length > 0 ? openTape(tape) : generatedMarket({ seed, ...(symbols && { symbols }) })

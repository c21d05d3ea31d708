import { type GeneratorOptions, generatedMarket } from './generator.ts'
import type { MarketSource } from './market.ts'
import { openTape } from './tape.ts'

export interface MarketOptions extends GeneratorOptions {
  /** CSV files to replay; none for the generator. */
  readonly tape: readonly string[]
}

/** Reads the tape, or sets up the generator. Rejects with `invalid` on a file that is no tape. */
export const openMarket = async ({ tape, ...generator }: MarketOptions): Promise<MarketSource> =>
  tape.length > 0 ? openTape(tape) : generatedMarket(generator)

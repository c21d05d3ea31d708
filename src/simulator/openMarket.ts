import { sessionsBetween } from '../market/session.ts'
import { parseInstant, SECOND_MS, type TimeRange } from '../market/time.ts'
import { type GeneratorOptions, generatedMarket } from './generator.ts'
import type { MarketSource } from './market.ts'
import { openTape } from './tape.ts'

export interface MarketOptions extends GeneratorOptions {
  /** CSV files to replay; none for the generator. */
  readonly tape: readonly string[]
}

/** Reads the tape, or sets up the generator. Rejects with `invalid` on a file that is no tape. */
export const openMarket = async ({ tape, ...generator }: MarketOptions): Promise<MarketSource> =>
  tape.length > 0 ? openTape(tape) : warmed(generatedMarket(generator), generator.symbols?.[0])

const WARMING: TimeRange = {
  from: parseInstant('2024-06-03T00:00:00Z'),
  to: parseInstant('2024-06-08T00:00:00Z'),
}

/** A market whose first days have been made: until its code is compiled each takes several times as long. */
function warmed(market: MarketSource, symbol = 'SPY'): MarketSource {
  for (const session of sessionsBetween(WARMING, 'all')) market.bars(symbol, session, 'all', SECOND_MS)
  return market
}

import type { Instrument } from '../src/market/instrument.ts'

/** One instrument after the other; resolves with what became of each: `SPY: …, IBM: …`. */
export async function ofEach(
  instruments: readonly Instrument[],
  run: (instrument: Instrument) => Promise<string>,
): Promise<string> {
  const told: string[] = []
  for (const instrument of instruments) told.push(`${instrument.symbol}: ${await run(instrument)}`)
  return told.length === 0 ? 'no symbol is tracked' : told.join(', ')
}

/** A part of the trades of a stored backtest. */
export interface TradesPart {
  /** JSON: an array. */
  readonly trades: string
  readonly first: number
  readonly count: number
}

/** The trades `first` and after it, `count` of them, as texts of JSON. */
export const tradesPart = ({ trades, first, count }: TradesPart): string[] =>
  (JSON.parse(trades) as object[]).slice(first, first + count).map((trade) => JSON.stringify(trade))

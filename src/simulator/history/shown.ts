const QUOTE_KINDS = ['MIDPOINT', 'BID', 'ASK', 'BID_ASK'] as const
const TRADE_KINDS = ['TRADES', 'ADJUSTED_LAST'] as const

/** Bars of quotes: they have neither volume, average nor count. */
export type QuoteKind = (typeof QUOTE_KINDS)[number]
/** What a request for historical data can show. */
export type Shown = (typeof TRADE_KINDS)[number] | QuoteKind | 'SCHEDULE'

const SHOWN: readonly string[] = [...TRADE_KINDS, ...QUOTE_KINDS, 'SCHEDULE']

export const isShown = (text: string): text is Shown => SHOWN.includes(text)

export const isQuoteKind = (shown: string): shown is QuoteKind =>
  (QUOTE_KINDS as readonly string[]).includes(shown)

/** Kinds that IB makes of options alone, by the name that its refusal gives them. */
export const VOLATILITIES: ReadonlyMap<string, string> = new Map([
  ['HISTORICAL_VOLATILITY', 'HistoricalVol'],
  ['OPTION_IMPLIED_VOLATILITY', 'OptionImpliedVol'],
])

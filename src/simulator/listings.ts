/** A US stock or fund as this simulator lists it. */
export interface Listing {
  readonly symbol: string
  readonly conId: number
  readonly primaryExchange: string
  readonly longName: string
  /** `COMMON` or `ETF`. */
  readonly stockType: string
}

const KNOWN: readonly Listing[] = [
  listing('SPY', 756733, 'ARCA', 'SPDR S&P 500 ETF TRUST', 'ETF'),
  listing('QQQ', 320227571, 'NASDAQ', 'INVESCO QQQ TRUST SERIES 1', 'ETF'),
  listing('IWM', 9579970, 'ARCA', 'ISHARES RUSSELL 2000 ETF', 'ETF'),
  listing('AAPL', 265598, 'NASDAQ', 'APPLE INC', 'COMMON'),
  listing('MSFT', 272093, 'NASDAQ', 'MICROSOFT CORP', 'COMMON'),
  listing('IBM', 8314, 'NYSE', 'INTL BUSINESS MACHINES CORP', 'COMMON'),
]

const BY_SYMBOL: ReadonlyMap<string, Listing> = new Map(KNOWN.map((known) => [known.symbol, known]))
const BY_CON_ID: ReadonlyMap<number, Listing> = new Map(KNOWN.map((known) => [known.conId, known]))

/** Contract numbers of symbols without a number of IB's own: this plus the symbol read in base 27. */
const FIRST_MADE_UP = 1_000_000_000
const LETTER_A = 64

/** Whether a symbol looks like a US stock's: one to five letters. */
export const isStockSymbol = (symbol: string): boolean => /^[A-Z]{1,5}$/.test(symbol)

/** The listing of a symbol, or null when no US stock is called so. */
export function listingOf(symbol: string): Listing | null {
  if (!isStockSymbol(symbol)) return null
  return BY_SYMBOL.get(symbol) ?? listing(symbol, madeUpConId(symbol), 'NYSE', `${symbol} CORP`, 'COMMON')
}

/** The listings whose symbol begins with a text or whose name has it, the symbol itself first. Capitals only. */
export function listingsLike(text: string): Listing[] {
  const exact = listingOf(text)
  const others = KNOWN.filter(
    ({ symbol, longName }) => symbol !== text && (symbol.startsWith(text) || longName.includes(text)),
  )
  return text === '' ? [] : [...(exact ? [exact] : []), ...others]
}

/** The listing of a contract number, or null when no symbol has it. */
export function listingOfConId(conId: number): Listing | null {
  const known = BY_CON_ID.get(conId)
  if (known) return known
  const made = listingOf(lettersOf(conId - FIRST_MADE_UP))
  return made?.conId === conId ? made : null
}

function listing(
  symbol: string,
  conId: number,
  primaryExchange: string,
  longName: string,
  stockType: string,
): Listing {
  return { symbol, conId, primaryExchange, longName, stockType }
}

const madeUpConId = (symbol: string) =>
  FIRST_MADE_UP + [...symbol].reduce((sum, letter) => sum * 27 + letter.charCodeAt(0) - LETTER_A, 0)

function lettersOf(value: number): string {
  let letters = ''
  for (let rest = value; rest > 0; rest = Math.floor(rest / 27))
    letters = String.fromCharCode(LETTER_A + (rest % 27)) + letters
  return letters
}

import { hashesOf, hashOf } from './noise.ts'

/** What is bid and asked around a trade: prices in dollars, sizes in shares. */
export interface Quote {
  readonly bid: number
  readonly ask: number
  readonly bidSize: number
  readonly askSize: number
}

/** How far bid and ask lie from the price of a trade, in cents. */
export interface Spread {
  readonly below: number
  readonly above: number
}

/** Some symbols are quoted at one cent, others at up to three; one moment in eight is a cent wider. */
const WIDEST_USUAL_CENTS = 3
const LOT = 100
const MOST_LOTS = 20
const CENTS = 100
const LOWEST_BID = 0.01

/**
 * The spreads of a symbol by the time of the bar, always the same: a trade lies at the bid, at the ask or between. All
 * that the simulator says of quotes is made of these: bars, ticks and snapshots tell one story.
 */
export function spreadsOf(symbol: string): (time: number) => Spread {
  const usual = 1 + (hashOf(symbol, 'spread') % WIDEST_USUAL_CENTS)
  const drawAt = hashesOf(symbol)
  return (time) => {
    const draw = drawAt(time)
    const cents = draw % 8 === 0 ? usual + 1 : usual
    const below = (draw >>> 3) % (cents + 1)
    return { below, above: cents - below }
  }
}

/** The bid beside a trade at `price`; never below one cent. */
export const bidOf = (price: number, { below }: Spread): number =>
  Math.max(LOWEST_BID, toStep(price - below / CENTS))

/** The ask beside a trade at `price`. */
export const askOf = (price: number, { above }: Spread): number => toStep(price + above / CENTS)

export const midpointOf = (price: number, spread: Spread): number =>
  toStep((bidOf(price, spread) + askOf(price, spread)) / 2)

/** The quote around a trade. */
export function quoteAround(symbol: string, time: number, price: number, spread: Spread): Quote {
  const draw = hashOf(symbol, time, price)
  return {
    bid: bidOf(price, spread),
    ask: askOf(price, spread),
    bidSize: LOT * (1 + (draw % MOST_LOTS)),
    askSize: LOT * (1 + ((draw >>> 8) % MOST_LOTS)),
  }
}

/** Prices that are worked out travel in steps of 1/10000. */
export const toStep = (price: number): number => Math.round(price * 10_000) / 10_000

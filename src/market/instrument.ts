/** What we trade. IB's `Contract` stays in the gateway and the simulator. */
export interface Instrument {
  readonly id: number
  readonly symbol: string
  /** IB's number of the contract; 0 until the gateway has qualified it. */
  readonly conId: number
  readonly exchange: string
  readonly primaryExchange: string
  readonly currency: string
  /** Smallest price step in the instrument's currency. */
  readonly minTick: number
  /** Stored integers per unit of price: 10,000 keeps four decimals exactly. */
  readonly priceScale: number
  /** Whether the collector asks for its bars. */
  readonly tracked: boolean
}

export const DEFAULT_PRICE_SCALE = 10_000

/** A price as the integer that is stored. Rounds to the nearest step of the scale. */
export const scaledPrice = (price: number, scale: number): number => Math.round(price * scale)

/** The price of a stored integer: the double nearest to the decimal, so `1674100` at 10,000 is `167.41`. */
export const unscaledPrice = (scaled: number, scale: number): number => scaled / scale

/** The price on the instrument's grid that is nearest to `price`. */
export const roundToTick = (price: number, minTick: number): number =>
  Number((Math.round(price / minTick) * minTick).toFixed(10))

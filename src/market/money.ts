/** Of a currency. Decimal fractions are no binary ones: their sums carry noise far behind the point. */
const DECIMALS = 1e8

/** An amount or a price as it is told: 730.0999999999881 is 730.1. */
export const amount = (value: number): number => Math.round(value * DECIMALS) / DECIMALS + 0

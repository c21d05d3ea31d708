const NO_BREAK = '\u00A0'
const MINUS = '\u2212'

/** `1,234.50`: digits grouped by thousands, with a true minus. */
export function decimal(value: number, decimals: number): string {
  const [whole, fraction] = Math.abs(value).toFixed(decimals).split('.') as [string, string?]
  const digits = whole.replace(/\B(?=(\d{3})+$)/g, ',') + (fraction === undefined ? '' : `.${fraction}`)
  return value < 0 && /[1-9]/.test(digits) ? MINUS + digits : digits
}

/** With a plus where it is above zero as written. */
export function signed(value: number, decimals: number): string {
  const written = decimal(value, decimals)
  return value > 0 && /[1-9]/.test(written) ? `+${written}` : written
}

/** A price or an amount of money, to the cent. */
export const money = (value: number): string => decimal(value, 2)

/** A price as it is known, to a hundredth of a cent. */
export const exactPrice = (value: number): string => value.toFixed(4).replace(/(\.\d\d)(\d*?)0+$/, '$1$2')

/** A fraction of one as per cent, with as many digits as it bears: `4.21 %`, `42.1 %`, `421 %`. */
export const percent = (fraction: number): string =>
  `${decimal(fraction * 100, percentDecimals(fraction))}${NO_BREAK}%`

export const signedPercent = (fraction: number): string =>
  `${signed(fraction * 100, percentDecimals(fraction))}${NO_BREAK}%`

const percentDecimals = (fraction: number): number => {
  const size = Math.abs(fraction)
  return size < 0.1 ? 2 : size < 1 ? 1 : 0
}

const UNITS = [
  { size: 1e9, letter: 'B' },
  { size: 1e6, letter: 'M' },
  { size: 1e3, letter: 'k' },
] as const

/** A number of shares in three digits: `950`, `12k`, `1.25M`. */
export function compact(value: number): string {
  const unit = UNITS.find(({ size }) => Math.abs(value) >= size)
  if (!unit) return decimal(value, 0)
  return `${Number((value / unit.size).toPrecision(3))}${unit.letter}`
}

/** The class of a result: `gain`, `loss`, or none where it is neither. */
export const lookOf = (result: number | null): string =>
  result === null || result === 0 ? '' : result > 0 ? 'gain' : 'loss'

/** `1 trade`, `2 trades`. */
export const counted = (count: number, noun: string): string =>
  `${decimal(count, 0)} ${noun}${count === 1 ? '' : 's'}`

/** The largest number of a 32-bit field: "not told". */
const UNSET_INT = 2_147_483_647
/** The largest double and decimal of the wire are far above every amount of money or shares. */
const UNSET_FROM = 1e30

/** A number that TWS has told, or null where it left the field empty or filled it with the largest of its type. */
export function told(value: number | undefined): number | null {
  if (value === undefined || !Number.isFinite(value)) return null
  return Math.abs(value) >= UNSET_FROM || value === UNSET_INT ? null : value
}

/** A number without which the message has no meaning. */
export function mustBeTold(value: number | undefined, name: string): number {
  const number = told(value)
  if (number === null) throw new Error(`TWS left out ${name}`)
  return number
}

/** The number of an order or a client; 0, which names none, where it is left out or no whole number. */
export function idOf(value: number | undefined): number {
  const number = told(value)
  return number !== null && Number.isSafeInteger(number) ? number : 0
}

import type { OrderMessageEffect } from '../ports/broker.ts'

/**
 * What a message about an order means. Only what stands here ends an order: a code that nobody knows says that the
 * broker's own books must be read. `rejectsNew` ends an order that TWS has not taken yet; of one that it has, the
 * change was rejected, and the order works on.
 */
type OrderCodeMeaning = OrderMessageEffect | 'rejectsNew' | ((text: string) => OrderMessageEffect)

/** "Your order will not be placed at the exchange until 2024-06-03 09:30:00 US/Eastern." */
const HELD = /will not be placed at the exchange until|order (is being|will be) held/i

/** "OrderId 5 that needs to be cancelled cannot be cancelled, state: Cancelled." Any other state the books must tell. */
const CANCELLED_ALREADY = /state: (Api)?Cancelled\b/

const ORDER_CODES: Readonly<Record<number, OrderCodeMeaning>> = {
  103: 'duplicate',
  104: 'unknown', // change of a filled order
  105: 'unknown', // the change does not fit the order, which works on
  107: 'rejectsNew', // incomplete
  109: 'rejectsNew', // price outside of the precautionary range
  110: 'rejectsNew', // price off the grid
  135: 'unknown', // TWS does not know the id
  161: 'unknown', // cannot be cancelled: filled or cancelled already
  200: 'rejectsNew', // no such contract
  201: 'rejected',
  202: 'cancelled',
  203: 'rejectsNew', // not allowed for this account
  321: 'rejectsNew', // not valid, or a read-only API
  387: 'rejectsNew', // no such type of order here
  391: 'rejectsNew', // a time that is none
  399: (text) => (HELD.test(text) ? 'held' : 'note'),
  404: 'held', // shares to sell short are being located
  434: 'rejectsNew', // quantity of zero
  460: 'rejectsNew', // no permission
  2109: 'note', // "outside regular hours" is ignored
  10006: 'rejectsNew', // its parent is missing
  10147: 'unknown', // cancel of an order that TWS does not find
  10148: (text) => (CANCELLED_ALREADY.test(text) ? 'cancelled' : 'unknown'), // cannot be cancelled in its state
  10243: 'rejectsNew', // a part of a share
  10349: 'note', // the time in force was set by a preset
}

export function orderEffect(code: number, text: string, isTaken: boolean): OrderMessageEffect {
  const meaning = ORDER_CODES[code] ?? (isWarning(code) ? 'note' : 'unknown')
  if (typeof meaning === 'function') return meaning(text)
  if (meaning === 'rejectsNew') return isTaken ? 'unknown' : 'rejected'
  return meaning
}

/** Codes that are about orders alone, and tell a request nothing. */
export const isOrderCode = (code: number): boolean => code in ORDER_CODES && !ALSO_OF_REQUESTS.includes(code)

const ALSO_OF_REQUESTS: readonly number[] = [200, 321]

/** IB: codes from 2100 to 2199 are warnings. */
export const isWarning = (code: number): boolean => code >= 2100 && code < 2200

import type { Tws } from '../tws.ts'
import type { Notice } from './events.ts'
import type { Fate } from './fate.ts'
import type { OrderTerms } from './terms.ts'
import { marginsOf } from './whatIf.ts'

/** IB: orders of one side and contract that may work at once. */
const MOST_PER_SIDE = 15

/** Why IB rejects an order that TWS has taken, or null. */
export function rejectionOf(
  tws: Tws,
  account: string,
  clientId: number,
  terms: OrderTerms,
): Fate['rejected'] | null {
  const parent = tws.floor.orders.ofClient(clientId, terms.parentId)
  if (parent && !parent.isLive && parent.outcome!.status !== 'Filled')
    return inactive('Parent order is being cancelled.')
  const { action, symbol } = terms
  const same = tws.floor.orders.live.filter(
    (order) => order.account === account && order.terms.symbol === symbol && order.terms.action === action,
  )
  if (same.length >= MOST_PER_SIDE)
    return inactive(
      `Maximum number of ${MOST_PER_SIDE} orders working on either the buy or sell side of one contract has been exceeded.`,
    )
  return terms.parentId === 0 ? marginRejection(tws, account, terms) : null
}

function marginRejection(tws: Tws, account: string, terms: OrderTerms): Fate['rejected'] | null {
  const { before, after } = marginsOf(tws, tws.books.named(account)!, terms)
  if (after.initial <= before.initial || after.equityWithLoan >= after.initial) return null
  const [equity, margin] = [after.equityWithLoan.toFixed(2), after.initial.toFixed(2)]
  return inactive(
    `YOUR ORDER IS NOT ACCEPTED. IN ORDER TO OBTAIN THE DESIRED POSITION YOUR EQUITY WITH LOAN VALUE [${equity} USD] MUST EXCEED THE INITIAL MARGIN [${margin} USD]`,
  )
}

const inactive = (reason: string): NonNullable<Fate['rejected']> => ({
  notice: rejected(reason),
  status: 'Inactive',
})

/** What IB says of an order that it rejects; `json` tells more. */
export const rejected = (reason: string, json = ''): Notice => ({
  code: 201,
  text: `Order rejected - reason:${reason}`,
  json,
})

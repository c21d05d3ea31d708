import { z } from 'zod'
import { missing, refused } from '../../errors.ts'
import { stockSymbol } from '../accounts/file.ts'
import type { OrderRefusal } from '../orders/check.ts'
import type { Order } from '../orders/order.ts'
import { place } from '../orders/place.ts'
import type { OrderRequest } from '../orders/request.ts'
import { ORDER_TYPES, TIMES_IN_FORCE } from '../orders/terms.ts'
import type { Tws } from '../tws.ts'
import { bookNamed, orderReport } from './books.ts'
import { bodyOf, type ControlRoute, json } from './route.ts'

const price = z.number().positive().max(1e7)

/** What a person says of an order. */
export const ORDER_BY_HAND = {
  /** Another client's; the TWS itself when left out. */
  clientId: z
    .number()
    .int()
    .nonnegative()
    .max(2 ** 31 - 1)
    .default(0),
  symbol: stockSymbol,
  action: z.enum(['BUY', 'SELL']),
  quantity: z.number().int().positive().max(1e9),
  orderType: z.enum(ORDER_TYPES).default('MKT'),
  limitPrice: price.nullable().default(null),
  auxPrice: price.nullable().default(null),
  trailingPercent: z.number().positive().max(100).nullable().default(null),
  timeInForce: z.enum(TIMES_IN_FORCE).default('DAY'),
  goodTillDate: z.string().default(''),
  ocaGroup: z.string().max(100).default(''),
  ocaType: z.number().int().min(0).max(3).default(0),
  orderRef: z.string().max(100).default(''),
  outsideRth: z.boolean().default(false),
}

const order = z.strictObject(ORDER_BY_HAND)

/** A person orders or cancels at the TWS itself, or another client does. */
export const orderRoutes: readonly ControlRoute[] = [
  {
    method: 'POST',
    path: '/accounts/{id}/orders',
    answer(request, { tws }) {
      const { id } = bookNamed(tws, request.params.id!)
      return json(orderReport(orderByHand(bodyOf(request, order), id, tws)), 201)
    },
  },
  {
    method: 'DELETE',
    path: '/orders/{permId}',
    answer({ params }, { tws }) {
      const found = orderOf(tws, Number(params.permId))
      if (!found.isLive) throw refused(`order ${found.permId} is ${found.status}`)
      tws.desk.cancel(found)
      return json(orderReport(found))
    },
  },
]

/** Places an order of the TWS itself or of another client. Throws `refused` with the reason. */
export function orderByHand(wish: z.output<typeof order>, account: string, tws: Tws): Order {
  const { clientId, symbol, ...wanted } = wish
  const at = { clientId, orderId: clientId === 0 ? 0 : tws.orderIds.next(clientId) }
  const before = tws.floor.orders.all.length
  const refusal = place(tws, at, { ...PLAIN, ...wanted, account, contract: contractOf(symbol) })
  if (refusal) throw refusedAs(refusal)
  return tws.floor.orders.all[before]!
}

function orderOf({ floor }: Tws, permId: number) {
  const found = floor.orders.ofPermId(permId)
  if (!found) throw missing(`no order has the permanent id ${permId}`)
  return found
}

const refusedAs = ({ code, text }: OrderRefusal) => refused(`${code}: ${text}`)

const contractOf = (symbol: string) => ({
  ...{ conId: 0, symbol, secType: 'STK', exchange: 'SMART', primaryExchange: '', currency: 'USD' },
})

/** What nobody says by hand. */
const PLAIN: Omit<OrderRequest, keyof z.output<typeof order> | 'account' | 'contract'> = {
  ...{
    transmit: true,
    parentId: 0,
    triggerMethod: 0,
    goodAfterTime: '',
    trailStopPrice: null,
    limitOffset: null,
  },
  ...{ isWhatIf: false, unsupported: [] },
}

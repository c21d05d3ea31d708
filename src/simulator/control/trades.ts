import { z } from 'zod'
import type { Trade } from '../account.ts'
import { stockSymbol } from '../accounts/file.ts'
import type { Tws } from '../tws.ts'
import { bodyOf, type ControlRoute, json, unusable } from './route.ts'

const trade = z.strictObject({
  symbol: stockSymbol,
  side: z.enum(['BOT', 'SLD']),
  quantity: z.number().positive().max(1e9),
  /** The market's price when left out. */
  price: z.number().positive().max(1e9).optional(),
  commission: z.number().nonnegative().default(1),
})

/** A person trades at the TWS itself: positions, values and executions change, and whoever listens is told. */
export const tradeRoutes: readonly ControlRoute[] = [
  {
    method: 'POST',
    path: '/accounts/{id}/trades',
    answer(request, { tws }) {
      const { id, time, ...told } = tws.books.record(
        request.params.id!,
        tradeByHand(bodyOf(request, trade), tws),
      )
      return json({ id, time: new Date(time).toISOString(), ...told }, 201)
    },
  },
]

function tradeByHand(wanted: z.output<typeof trade>, tws: Tws): Trade {
  if (!tws.market.has(wanted.symbol)) throw unusable('/symbol', 'is not traded in this market')
  const price = wanted.price ?? tws.prices.last(wanted.symbol)
  if (price === null) throw unusable('/price', 'is needed: the market has no price')
  return { ...wanted, price, time: tws.now(), exchange: 'SMART', ...BY_HAND }
}

/** What is ordered at the TWS itself belongs to client 0 and has no order id. */
const BY_HAND = { clientId: 0, orderId: 0, permId: 0, orderRef: '' } as const

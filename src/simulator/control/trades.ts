import { z } from 'zod'
import { missing } from '../../errors.ts'
import type { Trade } from '../account.ts'
import { stockSymbol } from '../accounts/file.ts'
import type { Tws } from '../tws.ts'
import { bookNamed, executionReport } from './books.ts'
import { bodyOf, type ControlRoute, json, unusable } from './route.ts'

/** What a person says of a trade. */
export const TRADE_BY_HAND = {
  symbol: stockSymbol,
  side: z.enum(['BOT', 'SLD']),
  quantity: z.number().positive().max(1e9),
  /** The market's price when left out. */
  price: z.number().positive().max(1e9).optional(),
  commission: z.number().nonnegative().default(1),
}

const trade = z.strictObject(TRADE_BY_HAND)

const correction = z.strictObject({
  /** 0 busts the trade. */
  quantity: z.number().nonnegative().max(1e9),
  /** As it was when left out. */
  price: z.number().positive().max(1e9).optional(),
})

/** What is held from now on. */
export const POSITION_BY_HAND = {
  symbol: stockSymbol,
  quantity: z.number().min(-1e9).max(1e9),
  averageCost: z.number().nonnegative().max(1e9),
}

const position = z.strictObject(POSITION_BY_HAND)

/** A person trades at the TWS itself: positions, values and executions change, and whoever listens is told. */
export const tradeRoutes: readonly ControlRoute[] = [
  {
    method: 'POST',
    path: '/accounts/{id}/trades',
    answer(request, { tws }) {
      const wanted = tradeByHand(bodyOf(request, trade), tws)
      return json(executionReport(tws.books.record(request.params.id!, wanted)), 201)
    },
  },
  {
    method: 'POST',
    path: '/accounts/{id}/executions/{execution}/correction',
    answer(request, { tws }) {
      const book = bookNamed(tws, request.params.id!)
      const { execution } = request.params
      const before = book.executions.findLast(({ id }) => id === execution)
      if (!before) throw missing(`the account has no execution ${execution}`)
      const { quantity, price = before.price } = bodyOf(request, correction)
      return json(executionReport(book.correct(before.id, { quantity, price })!), 201)
    },
  },
  {
    method: 'POST',
    path: '/accounts/{id}/positions',
    answer(request, { tws }) {
      const held = bodyOf(request, position)
      bookNamed(tws, request.params.id!).setPosition(held)
      return json(held, 201)
    },
  },
]

/** A trade of the TWS itself. Throws `invalid` where the market cannot have it. */
export function tradeByHand(wanted: z.output<typeof trade>, tws: Tws): Trade {
  if (!tws.market.has(wanted.symbol)) throw unusable('/symbol', 'is not traded in this market')
  const price = wanted.price ?? tws.prices.last(wanted.symbol)
  if (price === null) throw unusable('/price', 'is needed: the market has no price')
  return { ...wanted, price, time: tws.now(), exchange: 'SMART', ...BY_HAND }
}

/** What is ordered at the TWS itself belongs to client 0 and has no order id. */
const BY_HAND = { clientId: 0, orderId: 0, permId: 0, orderRef: '' } as const

import { Commissions } from '../../execution/costs.ts'
import type { Book } from '../accounts/book.ts'
import { type Holding, holdings } from '../accounts/portfolio.ts'
import { amountsOf } from '../accounts/values.ts'
import type { AccountMargin, Margins } from '../messages/openOrder.ts'
import type { Tws } from '../tws.ts'
import type { OrderTerms } from './terms.ts'

/** What an order would do to an account's margin, were it filled at its limit or at the market's price. */
export function marginsOf(tws: Tws, book: Book, terms: OrderTerms): Margins {
  const now = tws.now()
  const held = holdings(book, tws.prices, now)
  const price = terms.limitPrice ?? tws.prices.last(terms.symbol) ?? 0
  const side = terms.action === 'BUY' ? 'buy' : 'sell'
  const commission = new Commissions('ibkr-fixed').charge({
    time: now,
    side,
    quantity: terms.quantity,
    price,
  })
  const shares = side === 'buy' ? terms.quantity : -terms.quantity
  const after = [
    ...held.filter(({ symbol }) => symbol !== terms.symbol),
    traded(held, terms.symbol, shares, price),
  ]
  return {
    before: marginOf(book.cash, held),
    after: marginOf(book.cash - shares * price - commission, after),
    commission: Math.round(commission * 10_000) / 10_000,
  }
}

/** A position with so many shares more. */
function traded(
  held: readonly Holding[],
  symbol: string,
  shares: number,
  price: number,
): Pick<Holding, 'symbol' | 'value'> {
  const before = held.find((holding) => holding.symbol === symbol)
  return { symbol, value: ((before?.quantity ?? 0) + shares) * (before?.price ?? price) }
}

function marginOf(cash: number, held: readonly Pick<Holding, 'value'>[]): AccountMargin {
  const { net, margin } = amountsOf(cash, held)
  return { initial: margin, maintenance: margin, equityWithLoan: net }
}

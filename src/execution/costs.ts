import { exchangeDate } from '../market/session.ts'
import type { Fill } from './fill.ts'
import { fixedCommission, tieredCommission } from './ibkrPlans.ts'
import type { CommissionPlan } from './parameters.ts'
import { regulatoryFees } from './regulatoryFees.ts'

/** What a broker's plan needs to know of a fill. */
export type Chargeable = Pick<Fill, 'time' | 'side' | 'quantity' | 'price'>

/**
 * The commissions of one account (strategy, F3). It keeps the shares of the month, on which the tiers of `ibkr-tiered`
 * depend: fills are charged in the order of their times, each a whole order.
 */
export class Commissions {
  readonly #plan: CommissionPlan
  /** The exchange's month, `YYYY-MM`, and the shares bought and sold in it. */
  #month = ''
  #shares = 0

  constructor(plan: CommissionPlan) {
    this.#plan = plan
  }

  /** All fees of a fill, in dollars; never negative, never falling as the quantity grows. */
  charge({ time, side, quantity, price }: Chargeable): number {
    if (this.#plan === 'none') return 0
    const date = exchangeDate(time)
    const value = quantity * price
    const fees = side === 'sell' ? regulatoryFees(date, quantity, value) : 0
    return fees + this.#brokerage(this.#plan, date, quantity, value)
  }

  #brokerage(plan: 'ibkr-fixed' | 'ibkr-tiered', date: string, quantity: number, value: number): number {
    if (plan === 'ibkr-fixed') return fixedCommission(quantity, value)
    const month = date.slice(0, 'YYYY-MM'.length)
    if (month !== this.#month) [this.#month, this.#shares] = [month, 0]
    const before = this.#shares
    this.#shares += quantity
    return tieredCommission(quantity, value, before)
  }
}

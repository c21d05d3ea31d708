/** What the simulator's control port says of an account: the truth, whatever clients were told. */
export interface Books {
  /** Market time. */
  readonly now: string
  readonly cash: number
  readonly positions: readonly { readonly symbol: string; readonly quantity: number }[]
  readonly orders: readonly BookOrder[]
  readonly executions: readonly BookExecution[]
  readonly nakedSpans: readonly { readonly from: string; readonly to: string | null }[]
}

interface BookOrder {
  readonly orderId: number
  readonly permId: number
  readonly action: 'BUY' | 'SELL'
  readonly orderType: string
  readonly status: string
  readonly orderRef: string
  readonly filled: number
}

interface BookExecution {
  readonly id: string
  readonly orderId: number
  readonly side: 'BOT' | 'SLD'
  readonly quantity: number
  readonly price: number
  readonly orderRef: string
}

interface Order {
  readonly orderId: number | null
  readonly orderRef: string
  readonly permId: number | null
  readonly purpose: string
  readonly state: string
  readonly filled: number
  readonly code: string | null
}

/** Spans of more than five market seconds in which the broker held a position of ours without a stop below it. */
export const nakedTooLong = ({ nakedSpans }: Books): object[] =>
  nakedSpans.filter(({ from, to }) => to === null || Date.parse(to) - Date.parse(from) > 5_000)

/** A service, asked over its API. */
export interface Told {
  list<T>(name: string, query?: string): Promise<T[]>
}

/** How what a service tells differs from the broker's own books; empty when it does not. */
export async function disagreements(service: Told, books: () => Promise<Books>): Promise<string[]> {
  const truth = await books()
  const [orders, executions, positions] = await Promise.all([
    service.list<Order>('orders'),
    service.list<{ id: string; revision: number; quantity: number; price: number; side: string }>(
      'executions',
    ),
    service.list<{ quantity: number }>('positions'),
  ])
  const held = truth.positions.reduce((sum, { quantity }) => sum + quantity, 0)
  const told = positions.reduce((sum, { quantity }) => sum + quantity, 0)
  const known = new Map(
    executions.map(({ id, side, quantity, price }) => [id, `${side} ${quantity} @ ${price}`]),
  )
  return [
    ...(held === told ? [] : [`${held} shares are held, and ${told} told`]),
    ...truth.executions.flatMap(({ id, side, quantity, price }) => {
      const said = known.get(id.replace(/\.\d+$/, ''))
      const is = `${side === 'BOT' ? 'buy' : 'sell'} ${quantity} @ ${price}`
      return said === is ? [] : [`execution ${id} is ${is}, and told as ${said}`]
    }),
    ...(executions.length === truth.executions.length ? [] : ['another number of executions is told']),
    ...truth.orders.flatMap(({ orderId, orderRef, status, filled }) => {
      const said = orders.find((order) => order.orderRef === orderRef)
      if (said === undefined) return [`order ${orderId} (${orderRef}) is not told`]
      return said.filled === filled && STATES[said.state]?.includes(status)
        ? []
        : [
            `order ${orderId} is ${status}, ${filled} filled, and told as ${said.state}, ${said.filled} filled`,
          ]
    }),
  ]
}

const STATES: Readonly<Record<string, readonly string[]>> = {
  working: ['PreSubmitted', 'Submitted', 'PendingSubmit'],
  sending: ['PreSubmitted', 'Submitted', 'PendingSubmit'],
  partial: ['Submitted'],
  held: ['PreSubmitted', 'Inactive'],
  cancelling: ['PendingCancel', 'PreSubmitted', 'Submitted'],
  filled: ['Filled'],
  cancelled: ['Cancelled', 'ApiCancelled', 'Inactive'],
  rejected: ['Inactive', 'Cancelled'],
}

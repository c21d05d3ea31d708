import type { EpochMs } from '../../src/market/time.ts'
import type { CompletedOrder, Execution, Position } from '../../src/simulator/account.ts'
import { encode, FieldReader, type Message } from '../../src/simulator/fields.ts'
import { NEWEST_VERSION } from '../../src/simulator/handshake.ts'
import * as accounts from '../../src/simulator/messages/account.ts'
import { openOrderAndStatus } from '../../src/simulator/messages/openOrder.ts'
import * as messages from '../../src/simulator/messages/orders.ts'
import { Order } from '../../src/simulator/orders/order.ts'
import { readOrder } from '../../src/simulator/orders/request.ts'
import type { OrderTerms } from '../../src/simulator/orders/terms.ts'
import { zonedTime } from '../../src/simulator/wireTime.ts'
import { ACCOUNT, CLIENT_ID, SYMBOL } from './day.ts'

const COMMISSION = 1
const PERM_IDS = 1_000_000_000
const SUMMARY = { NetLiquidation: 1e6, AvailableFunds: 1e6, BuyingPower: 4e6, TotalCashValue: 1e6 }

/** The orders of one account, of which those for the market are filled at once. */
export class Books {
  readonly #open = new Map<number, Order>()
  readonly #executions: Execution[] = []
  readonly #completed: CompletedOrder[] = []
  #position: Position = { symbol: SYMBOL, quantity: 0, averageCost: 0 }
  #nextOrderId: number

  constructor(nextOrderId: number) {
    this.#nextOrderId = nextOrderId
  }

  get nextValidId(): Message {
    return messages.nextValidId(this.#nextOrderId)
  }

  /** Takes an order in. True when it was the last of what was sent together. */
  place(body: Buffer, at: EpochMs): boolean {
    const fields = new FieldReader(body).skip(1)
    const orderId = fields.integer()
    const request = readOrder(fields, NEWEST_VERSION)
    const identity = {
      account: ACCOUNT,
      clientId: CLIENT_ID,
      orderId,
      permId: PERM_IDS + orderId,
      placedAt: at,
    }
    const terms = { ...request, symbol: SYMBOL, exchange: 'SMART' } as unknown as OrderTerms
    const order = this.#open.get(orderId) ?? new Order(identity, terms)
    order.phase = 'working'
    this.#open.set(orderId, order)
    this.#nextOrderId = Math.max(this.#nextOrderId, orderId + 1)
    return request.transmit === true
  }

  /** Fills what is for the market, and takes back what it leaves without a purpose. What TWS says of it, in its order. */
  settle(price: number, at: EpochMs): Message[] {
    const market = [...this.#open.values()].filter(({ terms }) => terms.orderType === 'MKT')
    const told = market.flatMap((order) => this.#fill(order, price, at))
    const stops = [...this.#open.values()]
    if (this.#position.quantity > 0)
      return [...told, ...stops.flatMap((stop) => openOrderAndStatus(NEWEST_VERSION, stop))]
    return [...told, ...stops.flatMap((stop) => this.#end(stop, 'Cancelled', at))]
  }

  #fill(order: Order, price: number, at: EpochMs): Message[] {
    const accepted = openOrderAndStatus(NEWEST_VERSION, order)
    const { terms, orderId, permId } = order
    const { quantity, orderRef, action } = terms
    order.take(quantity, price)
    const execution: Execution = {
      ...{
        id: `0000bench.${at.toString(36)}.${orderId}.01`,
        time: at,
        symbol: SYMBOL,
        quantity,
        price,
        orderRef,
      },
      ...{ orderId, permId, clientId: CLIENT_ID, exchange: 'ARCA', commission: COMMISSION },
      ...(action === 'BUY' ? { side: 'BOT', realizedPnl: null } : { side: 'SLD', realizedPnl: 0 }),
    }
    this.#executions.push(execution)
    const held = this.#position.quantity + (action === 'BUY' ? quantity : -quantity)
    this.#position = { symbol: SYMBOL, quantity: held, averageCost: held > 0 ? price : 0 }
    return [
      ...accepted,
      this.#told(-1, execution),
      ...this.#end(order, 'Filled', at),
      messages.commissionReport(execution),
    ]
  }

  #end(order: Order, status: 'Filled' | 'Cancelled', at: EpochMs): Message[] {
    const reason = status === 'Filled' ? `Filled Size: ${order.filled}` : 'Cancelled by System'
    order.finish({ status, at, reason })
    this.#open.delete(order.orderId)
    const { terms, permId, clientId, filled } = order
    this.#completed.push({
      ...{ ...terms, permId, clientId, status, reason, completedAt: at, filledQuantity: filled },
      ...{ limitPrice: 0, stopPrice: terms.auxPrice ?? 0 },
    })
    return openOrderAndStatus(NEWEST_VERSION, order)
  }

  #told(requestId: number, execution: Execution): Message {
    const { quantity, price, time } = execution
    const told = { requestId, account: ACCOUNT, execution, filled: quantity, averagePrice: price }
    return messages.execDetails(NEWEST_VERSION, { ...told, time: zonedTime(time) })
  }

  /** What a question about the books is answered with; null for what is none. */
  answer(fields: FieldReader): Message[] | null {
    switch (fields.integer()) {
      case 61:
        return [
          ...(this.#position.quantity === 0 ? [] : [accounts.position(ACCOUNT, this.#position)]),
          accounts.positionEnd(),
        ]
      case 16:
        return [
          ...[...this.#open.values()].flatMap((order) => openOrderAndStatus(NEWEST_VERSION, order)),
          messages.openOrderEnd(),
        ]
      case 7:
        return this.#tellExecutions(fields.skip(1).integer())
      case 99:
        return [
          ...this.#completed.map((order) =>
            messages.completedOrder(NEWEST_VERSION, {
              account: ACCOUNT,
              order,
              time: zonedTime(order.completedAt),
            }),
          ),
          messages.completedOrdersEnd(),
        ]
      case 62:
        return summary(fields.skip(1).integer())
      case 8:
        return [this.nextValidId]
      default:
        return null
    }
  }

  #tellExecutions(requestId: number): Message[] {
    return [
      ...this.#executions.flatMap((each) => [this.#told(requestId, each), messages.commissionReport(each)]),
      messages.executionsEnd(requestId),
    ]
  }
}

const summary = (requestId: number): Message[] => [
  ...Object.entries(SUMMARY).map(([key, value]) =>
    accounts.accountSummary(requestId, ACCOUNT, { key, value: value.toFixed(2), currency: 'USD' }),
  ),
  accounts.accountSummaryEnd(requestId),
]

export const bytesOf = (told: readonly Message[]): Buffer => Buffer.concat(told.map(encode))

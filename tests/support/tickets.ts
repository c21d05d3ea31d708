import type { OrderTicket, SendPermit } from '../../src/ports/broker.ts'

export const SPY = {
  ...{ id: 1, symbol: 'SPY', conId: 756_733, exchange: 'SMART', primaryExchange: 'ARCA', currency: 'USD' },
  ...{ minTick: 0.01, priceScale: 10_000, tracked: true },
}

/** A market order for a hundred shares of SPY. */
export const ticket = (changes: Partial<OrderTicket> = {}): OrderTicket => ({
  ...{ orderId: 12, parentId: null, orderRef: 'pb-1', account: 'DU1234567', instrument: SPY },
  ...{ side: 'buy', quantity: 100, type: 'market', stopPrice: null, timeInForce: 'day' },
  ...{ ocaGroup: 'pb-1-group', transmit: true },
  ...changes,
})

/** An entry and the stop that protects it, with ids from `orderId` on. */
export const bracket = (changes: Partial<OrderTicket> = {}): OrderTicket[] => {
  const entry = ticket({ ...changes, ocaGroup: '', transmit: false })
  return [
    entry,
    {
      ...entry,
      ocaGroup: `${entry.orderRef}-group`,
      ...{ orderId: entry.orderId + 1, parentId: entry.orderId, orderRef: `${entry.orderRef}s` },
      ...{ side: 'sell', type: 'stop', stopPrice: 300.5, timeInForce: 'gtc', transmit: true },
    },
  ]
}

export const permit = (changes: Partial<SendPermit> = {}): SendPermit => ({
  objection: () => null,
  session: 1,
  isEntry: true,
  ...changes,
})

import { z } from 'zod'
import { isStop } from '../orders/terms.ts'
import { entry, type FaultEntry } from './entry.ts'
import type { Fault, Spoken } from './fault.ts'

/** Orders that are lost with their connection or without, and what happens to all of them. */
export const ORDER_LOSSES = {
  orderDropped: entry('an order is lost: TWS never reads it, and says nothing', {}, () =>
    lost(nothingDone, false),
  ),
  orderLostByReset: entry('the connection is reset before an order is read', {}, () => lost(reset, false)),
  acknowledgementLost: entry(
    'the connection is reset when an order has been read, before anything is said of it',
    {},
    () => lost(reset, true),
  ),
  stopsCancelled: entry(
    'IB cancels the stops that are open',
    { reason: z.string().default('Cancelled by system') },
    ({ reason }) => ({
      kind: 'spell',
      begin(scene) {
        for (const order of scene.tws.floor.orders.open)
          if (order.isLive && isStop(order.terms)) scene.tws.desk.cancel(order, reason)
      },
    }),
  ),
  orderIdsReset: entry('TWS counts order ids from 1 again', {}, () => ({
    kind: 'spell',
    begin: ({ tws }) => tws.orderIds.reset(),
  })),
} as const satisfies Record<string, FaultEntry>

const nothingDone = (): void => {}
const reset = ({ line }: Spoken): void => line.reset()

const lost = (first: (request: Spoken) => void, isRead: boolean): Fault => ({
  kind: 'strike',
  of: ['placeOrder'],
  hear(request) {
    first(request)
    return isRead
  },
})

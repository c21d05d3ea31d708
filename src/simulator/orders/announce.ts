import { toldExecution } from '../accounts/toldExecution.ts'
import { visibleTo } from '../accounts/visible.ts'
import type { Client } from '../client.ts'
import type { Message } from '../fields.ts'
import { openOrderAndStatus, orderStatus } from '../messages/openOrder.ts'
import { commissionReport, execDetails } from '../messages/orders.ts'
import { error } from '../messages/session.ts'
import type { Tws } from '../tws.ts'
import type { OrderEvent } from './events.ts'
import type { Order } from './order.ts'

/** The request id of an execution that nobody has asked for: it is just happening. */
const HAPPENING = -1

/** Tells what happens to orders, as it happens, to the clients that may see it. */
export function announce(tws: Tws): void {
  tws.desk.onEvent((event) => tell(tws, event.order.clientId, (client) => messagesOf(event, client)))
  tws.books.onChange((book, { execution }) => {
    const order = tws.desk.orders.ofPermId(execution.permId)
    tell(tws, execution.clientId, ({ version }) => [
      execDetails(version, toldExecution(HAPPENING, book, execution)),
      ...(order ? stateAfterFill(order, version) : []),
      commissionReport(execution),
    ])
  })
}

/** What goes on while TWS has lost IB is not told, nor made up for: clients have to ask. */
function tell(tws: Tws, orderedBy: number, messagesFor: (client: Client) => readonly Message[]): void {
  for (const client of tws.clients.values())
    if (visibleTo(client, orderedBy, tws) && !tws.isCutOff(client))
      for (const message of messagesFor(client)) client.send(message)
}

function messagesOf(event: OrderEvent, { version }: Client): Message[] {
  const { order } = event
  if (event.kind === 'order') return openOrderAndStatus(version, order)
  if (event.kind === 'status') return [orderStatus(order)]
  return [error(order.orderId, event.notice.code, event.notice.text, event.notice.json)]
}

/** IB tells the end of an order twice. */
const stateAfterFill = (order: Order, version: number): Message[] => [
  ...openOrderAndStatus(version, order),
  ...(order.isLive ? [] : [orderStatus(order)]),
]

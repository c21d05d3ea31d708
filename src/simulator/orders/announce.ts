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
  tws.floor.onEvent((event) => {
    if (event.order.fate.isSilent) return
    tell(tws, event.order, isOfTws(event), (client) => messagesOf(event, client))
  })
  tws.books.onChange((book, { execution }) => {
    if (execution === null) return
    const order = tws.floor.orders.ofPermId(execution.permId)
    if (order?.fate.isSilent) return
    tell(tws, execution, false, ({ version }) => [
      execDetails(version, toldExecution(HAPPENING, book, execution)),
      ...(order ? stateAfterFill(order, version) : []),
      commissionReport(execution),
    ])
  })
}

/** While IB is out of reach TWS tells what it knows of itself: that an order or a cancel waits. */
const isOfTws = ({ kind, order }: OrderEvent): boolean =>
  kind !== 'notice' && order.isLive && (order.hold === 'link' || order.isCancelling)

/** What goes on at IB while TWS has lost it is not told, nor made up for: clients have to ask. */
function tell(
  tws: Tws,
  { clientId }: { readonly clientId: number },
  isOfTws: boolean,
  messagesFor: (client: Client) => readonly Message[],
): void {
  for (const client of tws.clients.values())
    if (visibleTo(client, clientId, tws) && (isOfTws || !tws.isCutOff(client)))
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

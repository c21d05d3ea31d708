import { commissionReport, execDetails } from '../messages/orders.ts'
import type { Tws } from '../tws.ts'
import { zonedTime } from '../wireTime.ts'
import { visibleTo } from './visible.ts'

/** The request id of an execution that nobody has asked for: it is just happening. */
const HAPPENING = -1

/** Tells every execution to the clients that may see it, with its commission after it. */
export function announceExecutions(tws: Tws): void {
  tws.books.onChange(({ id }, { execution }) => {
    const told = { requestId: HAPPENING, account: id, execution, time: zonedTime(execution.time) }
    for (const client of tws.clients.values())
      if (visibleTo(client, execution.clientId, tws)) {
        client.send(execDetails(client.version, told))
        client.send(commissionReport(execution))
      }
  })
}

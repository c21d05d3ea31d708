import type { IBApi } from '@stoqey/ib'
import { messageOf } from '../errors.ts'
import type { OrderTicket, SendOutcome, SendPermit } from '../ports/broker.ts'
import type { GatewaySession } from './sessions.ts'
import { ibOrder, ticketFault } from './ticket.ts'
import { ibContract } from './translate.ts'

/** A round trip that takes longer is no sign that an order would arrive in time. */
const ROUND_TRIP_MS = 2_000

export interface SendPathDeps {
  readonly session: () => GatewaySession | null
  /** Why no order may leave, or no entry, or null. */
  readonly suspension: (isEntry: boolean) => string | null
}

/** The one way by which orders leave. Whatever stops them before the first byte is a refusal; after it they may exist. */
export async function sendTickets(
  deps: SendPathDeps,
  tickets: readonly OrderTicket[],
  permit: SendPermit,
): Promise<SendOutcome> {
  const before = obstacle(deps, tickets, permit)
  if (before !== null) return refused(before)
  const isAlive = await deps.session()!.connection.roundTrip(ROUND_TRIP_MS)
  if (!isAlive) return refused(`TWS did not answer within ${ROUND_TRIP_MS / 1_000} s`)
  // From here on in one turn: nothing can change between the last look and the first byte.
  const now = obstacle(deps, tickets, permit)
  if (now !== null) return refused(now)
  return write(deps.session()!, tickets)
}

const refused = (reason: string): SendOutcome => ({ kind: 'refused', reason })

function obstacle(
  { session, suspension }: SendPathDeps,
  tickets: readonly OrderTicket[],
  permit: SendPermit,
): string | null {
  const current = session()
  if (current === null) return 'there is no session with TWS'
  if (current.number !== permit.session) return 'the session has changed'
  return (
    suspension(permit.isEntry) ??
    unfit(current, tickets) ??
    current.connection.jam(tickets.length) ??
    permit.objection()
  )
}

function unfit({ connection }: GatewaySession, tickets: readonly OrderTicket[]): string | null {
  const stranger = tickets.find(({ account }) => !connection.accounts.includes(account))
  if (stranger !== undefined) return `TWS is not logged in to account ${stranger.account}`
  for (const ticket of tickets) {
    const fault = ticketFault(ticket)
    if (fault !== null) return fault
  }
  return tickets.length === 0 ? 'there is nothing to send' : null
}

function write({ connection }: GatewaySession, tickets: readonly OrderTicket[]): SendOutcome {
  let begun = 0
  const place = (api: IBApi): void => {
    for (const ticket of tickets) {
      begun++
      api.placeOrder(ticket.orderId, ibContract(ticket.instrument), ibOrder(ticket))
    }
  }
  try {
    if (connection.sendNow(place) < tickets.length) connection.close('the library has kept orders back')
  } catch (error) {
    // Some may have left: the connection ends, and the broker's books tell.
    connection.close(`orders could not be written: ${messageOf(error)}`)
    if (begun === 0) return refused(messageOf(error))
  }
  return { kind: 'sent' }
}

import type { Broker } from '../../src/ports/broker.ts'
import type { Stores } from '../../src/ports/stores.ts'
import type { Seams } from '../../src/seams.ts'
import { ticketOf } from '../../src/trading/draft.ts'
import { PLANTS as POLICIES, withBroker } from '../tradingDays/plants.ts'

type Plant = Pick<Seams, 'stores' | 'broker'>

/** Nobody holds a stop below what is bought. */
const withoutChild = (broker: Broker): Broker =>
  withBroker(broker, {
    place(tickets, permit) {
      const entry = tickets.find(({ side }) => side === 'buy')
      return broker.place(entry ? [{ ...entry, transmit: true }] : tickets, permit)
    },
  })

/** What a process before left unanswered is sent again at once, under other numbers. */
function sentAnew(): Plant {
  let stores: Stores
  let isDue = true
  return {
    stores: (given) => {
      stores = given
      return given
    },
    broker: (broker) => {
      broker.onReport((report) => {
        if (!isDue || report.kind !== 'session' || report.state !== 'ready') return
        isDue = false
        void sendAnew(stores, broker)
      })
      return broker
    },
  }
}

/** So far above what was used that the numbers are free. */
const FAR = 1_000

async function sendAnew(stores: Stores, broker: Broker): Promise<void> {
  const session = broker.session!
  const instrument = (await stores.instruments.find('SPY'))!
  const open = await stores.intents.open()
  const entry = open.find(({ purpose, permId }) => purpose === 'entry' && permId === null)
  const stop = open.find(({ parent }) => parent === entry?.id)
  if (entry === undefined || stop === undefined) return
  const at = { account: session.accounts[0]!, instrument }
  const tickets = [ticketOf(entry, { ...at, parent: null }), ticketOf(stop, { ...at, parent: entry })]
  const anew = tickets.map((ticket) => ({
    ...ticket,
    orderId: ticket.orderId + FAR,
    parentId: ticket.parentId && ticket.parentId + FAR,
  }))
  await broker.place(anew, { objection: () => null, session: session.number, isEntry: false })
}

/** Bugs of our own that the kills must find. Each process has one of its own. */
export const PLANTS: Readonly<Record<string, () => Plant>> = {
  'sent, then persisted': () => ({ stores: POLICIES['sent, then persisted']!.stores! }),
  'sent again with a new number': sentAnew,
  'entries without their stop': () => ({ broker: withoutChild }),
}

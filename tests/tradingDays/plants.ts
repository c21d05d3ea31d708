import type { Broker, OrderTicket } from '../../src/ports/broker.ts'
import type { Intent, IntentStore } from '../../src/ports/intents.ts'
import type { Stores } from '../../src/ports/stores.ts'
import type { Trader } from '../../src/ports/traders.ts'
import { CLIENT_ID, type Seams } from './process.ts'

/** A bug of our own that the simulated days must find. */
export interface Plant extends Partial<Seams> {
  readonly isLost?: (fields: readonly string[]) => boolean
  /** The client id of each process's next reign. */
  readonly clientIds?: () => () => number
}

const within = (stores: Stores, tampered: (tx: Stores) => Stores): Stores => ({
  ...stores,
  transaction: (work) => stores.transaction((tx) => work(tampered(tx))),
})

/** A broker with some of its methods replaced. */
export const withBroker = (broker: Broker, methods: Partial<Broker>): Broker => ({
  get session() {
    return broker.session
  },
  get suspension() {
    return broker.suspension
  },
  onReport: (listener) => broker.onReport(listener),
  snapshot: () => broker.snapshot(),
  place: (...order) => broker.place(...order),
  cancel: (orderId) => broker.cancel(orderId),
  cancelEverything: () => broker.cancelEverything(),
  recycle: (reason) => broker.recycle(reason),
  ...methods,
})

/** That it may exist is written only once it was sent. */
function persistedLate(intents: IntentStore): IntentStore {
  return {
    ...intents,
    async change(id, fields) {
      if (fields.state !== 'sending') {
        const isSent = fields.sentAt !== undefined && fields.sentAt !== null
        return intents.change(id, isSent ? { ...fields, state: 'sending' } : fields)
      }
      return { ...(await intents.find(id))!, ...fields } as Intent
    },
  }
}

/** What is sent again goes under a new number. */
function renumbered(broker: Broker): Broker {
  const sent = new Set<number>()
  let next = 500_000
  const numbered = (ticket: OrderTicket): OrderTicket => {
    if (!sent.has(ticket.orderId)) return ticket
    return { ...ticket, orderId: next++, parentId: ticket.parentId === null ? null : next - 2 }
  }
  return withBroker(broker, {
    place(tickets, permit) {
      const numbers = tickets.map(numbered)
      for (const { orderId } of tickets) sent.add(orderId)
      return broker.place(numbers, permit)
    },
  })
}

/** What could not be sent waits for the next session, as in the library's queue. */
function queued(broker: Broker): Broker {
  let waiting: readonly OrderTicket[] = []
  broker.onReport((report) => {
    const { session } = broker
    if (report.kind !== 'session' || report.state !== 'ready' || session === null || waiting.length === 0)
      return
    const tickets = waiting
    waiting = []
    void broker.place(tickets, { objection: () => null, session: session.number, isEntry: false })
  })
  return withBroker(broker, {
    async place(tickets, permit) {
      const outcome = await broker.place(tickets, permit)
      if (outcome.kind === 'refused') waiting = tickets
      return outcome
    },
  })
}

/** What was filled while the link was lost is not asked for afterwards. */
function deafToThePast(broker: Broker): Broker {
  let isNew = true
  const [heard, missed] = [new Set<string>(), new Set<string>()]
  broker.onReport((report) => {
    if (report.kind === 'session') isNew = true
    if (report.kind === 'execution') heard.add(report.execution.root)
  })
  return withBroker(broker, {
    async snapshot() {
      const books = await broker.snapshot()
      if (isNew) for (const { root } of books.executions) if (!heard.has(root)) missed.add(root)
      isNew = false
      const isHeard = ({ root }: { root: string }) => !missed.has(root)
      return { ...books, executions: books.executions.filter(isHeard), completedOrders: [] }
    },
  })
}

/** Which number TWS would give next says nothing. */
const withoutNumbers = (broker: Broker): Broker =>
  withBroker(broker, {
    snapshot: async () => ({ ...(await broker.snapshot()), nextOrderId: 0 }),
  })

/** A stop by itself is taken for placed. */
const withoutStops = (broker: Broker): Broker =>
  withBroker(broker, {
    async place(tickets, permit) {
      const isStop = tickets.length === 1 && tickets[0]!.type === 'stop'
      return isStop ? { kind: 'sent' } : broker.place(tickets, permit)
    },
  })

/** Whatever the row says, the trader is active. */
const deafToKills = (stores: Stores): Stores => {
  const deaf = ({ traders, ...others }: Stores): Stores => ({
    ...others,
    traders: {
      ...traders,
      find: async () => active(await traders.find()),
      lock: async () => active(await traders.lock()),
      change: async (fields) => active(await traders.change(fields)),
    },
  })
  return within(deaf(stores), deaf)
}

const active = <T extends Trader | null>(trader: T): T => trader && { ...trader, level: 'active' }

export const PLANTS: Readonly<Record<string, Plant>> = {
  'sent, then persisted': {
    stores: (stores) => within(stores, (tx) => ({ ...tx, intents: persistedLate(tx.intents) })),
  },
  'sent again with a new number': { broker: renumbered },
  'another client id each time': {
    clientIds: () => {
      let next = CLIENT_ID
      return () => next++
    },
  },
  'a queue that outlives the connection': { broker: queued },
  'absent once is gone': { absenceMs: 0, broker: withoutNumbers },
  'fills of a lost link dropped': { broker: deafToThePast },
  'stops never armed anew': { broker: withoutStops },
  'the kill is not read': { stores: deafToKills },
}

export function plantNamed(name: string): Plant {
  const plant = PLANTS[name]
  if (plant === undefined) throw new Error(`no such plant: ${name}`)
  return plant
}

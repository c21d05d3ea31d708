import { conflict, missing } from '../../../src/errors.ts'
import type { Intent, IntentState, IntentStore, OrderEvent } from '../../../src/ports/intents.ts'
import { type Journal, Table } from './table.ts'

/** Rejects, as foreign keys do, what names an intent that is not there. */
export type MustExist = (intent: string | null) => void

export interface IntentLook {
  /** What the row is at this very moment, without waiting for a turn. */
  intentOf(orderRef: string): Intent | null
}

export function memoryIntents(
  journal: Journal,
): IntentStore & { readonly mustExist: MustExist; readonly look: IntentLook } {
  const intents = new Table<string, Intent>('intents', journal)
  const events = new Table<number, OrderEvent>('order_events', journal)
  const where = (which: (intent: Intent) => boolean) =>
    intents
      .rows()
      .filter(which)
      .sort((a, b) => a.ordinal - b.ordinal)
  const one = (which: (intent: Intent) => boolean) => where(which)[0] ?? null
  const mustExist: MustExist = (id) => {
    if (id !== null && !intents.get(id)) journal.refuse(new Error(`there is no intent ${id}`))
  }
  const put = (intent: Intent): Intent => {
    const others = intents.rows().filter(({ ordinal }) => ordinal !== intent.ordinal)
    const clash = CLASHES.find(([, clashes]) => others.some((other) => clashes(intent, other)))
    if (clash !== undefined) journal.refuse(conflict(clash[0]))
    mustExist(intent.parent)
    intents.set(intent.id, intent)
    return intent
  }
  let ordinals = 0
  return {
    mustExist,
    look: { intentOf: (orderRef) => one((intent) => intent.orderRef === orderRef) },
    create: async (fields) => put({ ...UNSENT, ...fields, ordinal: ++ordinals }),
    async change(id, fields) {
      const intent = intents.get(id)
      if (intent === undefined) throw missing(`there is no intent ${id}`)
      return put({ ...intent, ...fields })
    },
    find: async (id) => intents.get(id) ?? null,
    byOrderRef: async (orderRef) => one((intent) => intent.orderRef === orderRef),
    byOrderId: async (orderId) => one((intent) => intent.orderId === orderId),
    open: async () => where(isOpen),
    list: async ({ limit, before = Number.POSITIVE_INFINITY }) =>
      where(({ ordinal }) => ordinal < before)
        .reverse()
        .slice(0, limit),
    since: async (since) => where(({ createdAt }) => createdAt >= since),
    async record(event) {
      mustExist(event.intent)
      events.set(events.size + 1, event)
    },
    events: async (id) => events.rows().filter(({ intent }) => intent === id),
  }
}

const UNSENT = {
  permId: null,
  filled: 0,
  averagePrice: null,
  sentAt: null,
  endedAt: null,
  sends: 0,
  sentInSession: null,
  absentSince: null,
} as const

const SETTLED: readonly IntentState[] = ['denied', 'filled', 'rejected', 'cancelled', 'expired']

const isOpen = ({ state }: Intent): boolean => !SETTLED.includes(state)

type Clashes = (a: Intent, b: Intent) => boolean

/** The unique indexes, in the order in which PostgreSQL looks. */
const CLASHES: readonly (readonly [sentence: string, clashes: Clashes])[] = [
  ['there is an intent with this id already', (a, b) => a.id === b.id],
  ['there is an intent with this orderRef already', (a, b) => a.orderRef === b.orderRef],
  ['there is an intent with this order id already', (a, b) => a.orderId !== null && a.orderId === b.orderId],
  ['there is such an intent of this candle already', (a, b) => isSame(a, b)],
  [
    'an entry of this symbol is under way already',
    (a, b) => isOpenEntry(a) && isOpenEntry(b) && a.symbol === b.symbol,
  ],
]

const isOpenEntry = (intent: Intent): boolean => intent.purpose === 'entry' && isOpen(intent)

const isSame = (a: Intent, b: Intent): boolean =>
  a.state !== 'denied' &&
  b.state !== 'denied' &&
  a.symbol === b.symbol &&
  a.candleTime === b.candleTime &&
  a.purpose === b.purpose &&
  a.attempt === b.attempt

import { asc, desc, eq, gte, lt, type SQL } from 'drizzle-orm'
import { missing } from '../src/errors.ts'
import type { Intent, IntentChange, IntentStore, NewIntent } from '../src/ports/intents.ts'
import type { Session } from './session.ts'
import { IS_OPEN_INTENT, intents, orderEvents } from './tradingSchema.ts'

export const intentStore = (session: Session): IntentStore => ({
  create: (intent) => create(session, intent),
  change: (id, fields) => change(session, id, fields),
  find: (id) => one(session, eq(intents.id, id)),
  byOrderRef: (orderRef) => one(session, eq(intents.orderRef, orderRef)),
  byOrderId: (orderId) => one(session, eq(intents.orderId, orderId)),
  open: () => select(session).where(IS_OPEN_INTENT).orderBy(asc(intents.ordinal)),
  list: ({ limit, before }) =>
    select(session)
      .where(before === undefined ? undefined : lt(intents.ordinal, before))
      .orderBy(desc(intents.ordinal))
      .limit(limit),
  since: (since) => select(session).where(gte(intents.createdAt, since)).orderBy(asc(intents.ordinal)),
  record: async (event) => void (await session.orm.insert(orderEvents).values(event)),
  events: (intent) =>
    session.orm
      .select(EVENT)
      .from(orderEvents)
      .where(eq(orderEvents.intent, intent))
      .orderBy(asc(orderEvents.id)),
})

const EVENT = {
  intent: orderEvents.intent,
  orderId: orderEvents.orderId,
  at: orderEvents.at,
  kind: orderEvents.kind,
  detail: orderEvents.detail,
}

const select = ({ orm }: Session) => orm.select().from(intents)

async function one(session: Session, which: SQL): Promise<Intent | null> {
  const [found] = await select(session).where(which)
  return found ?? null
}

async function create({ orm }: Session, intent: NewIntent): Promise<Intent> {
  const [made] = await orm.insert(intents).values(intent).returning()
  return made!
}

/** The id is set as well, to itself: no fields at all are a change too. */
async function change({ orm }: Session, id: string, fields: IntentChange): Promise<Intent> {
  const [changed] = await orm
    .update(intents)
    .set({ id, ...fields })
    .where(eq(intents.id, id))
    .returning()
  if (changed === undefined) throw missing(`there is no intent ${id}`)
  return changed
}

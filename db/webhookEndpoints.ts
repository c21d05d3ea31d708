import { desc, eq, lt, sql } from 'drizzle-orm'
import type { DeliveryPage, WebhookEndpoint, WebhookStore } from '../src/ports/webhooks.ts'
import { webhookEndpoints } from './schema.ts'
import type { Session } from './session.ts'

type EndpointStore = Pick<
  WebhookStore,
  'create' | 'find' | 'list' | 'change' | 'remove' | 'disable' | 'enable' | 'rotate'
>

export const endpointStore = (session: Session): EndpointStore => {
  const set = async (id: string, fields: Fields): Promise<void> =>
    void (await session.orm.update(webhookEndpoints).set(fields).where(eq(webhookEndpoints.id, id)))
  return {
    async create({ events, secret, ...fields }) {
      const row = { ...fields, events: events && [...events], secret: Buffer.from(secret), told: NEWEST }
      await session.orm.insert(webhookEndpoints).values(row)
      return (await find(session, fields.id))!
    },
    find: (id) => find(session, id),
    list: (page) => list(session, page),
    async change(id, { events, ...fields }) {
      await set(id, {
        description: sql`${webhookEndpoints.description}`, // so that nothing to change is no error
        ...fields,
        ...(fields.url === undefined ? {} : AFRESH),
        ...(events === undefined ? {} : { events: events && [...events] }),
      })
      return find(session, id)
    },
    async remove(id) {
      const removed = await session.orm
        .delete(webhookEndpoints)
        .where(eq(webhookEndpoints.id, id))
        .returning({ id: webhookEndpoints.id })
      return removed.length > 0
    },
    disable: (id, reason) => set(id, { state: 'disabled', reason, nextTry: null }),
    enable: (id) => set(id, { state: 'enabled', reason: null, ...AFRESH, told: FROM_NOW_ON }),
    rotate: (id, secret, until) =>
      set(id, {
        secret: Buffer.from(secret),
        previousSecret: sql`${webhookEndpoints.secret}`,
        previousSecretUntil: until,
      }),
  }
}

type Fields = Parameters<ReturnType<Session['orm']['update']>['set']>[0]

const AFRESH = { tries: 0, nextTry: null }

/** Sequences rise by commits, so nothing below the newest one that can be seen is still to come. */
const NEWEST = sql`(select coalesce(max(sequence), 0) from events)`
const FROM_NOW_ON = sql`case ${webhookEndpoints.state} when 'disabled' then ${NEWEST} else ${webhookEndpoints.told} end`

const SHOWN = {
  id: webhookEndpoints.id,
  url: webhookEndpoints.url,
  events: webhookEndpoints.events,
  description: webhookEndpoints.description,
  state: webhookEndpoints.state,
  reason: webhookEndpoints.reason,
  createdAt: webhookEndpoints.createdAt,
  previousSecretUntil: webhookEndpoints.previousSecretUntil,
  nextTry: webhookEndpoints.nextTry,
  pending: sql<number>`(
    select count(*)::int4 from webhook_deliveries as d
    where d.endpoint = webhook_endpoints.id and d.status = 'pending'
  )`,
}

async function find({ orm }: Session, id: string): Promise<WebhookEndpoint | null> {
  const [found] = await orm.select(SHOWN).from(webhookEndpoints).where(eq(webhookEndpoints.id, id))
  return found ?? null
}

const list = ({ orm }: Session, { limit, after }: DeliveryPage): Promise<WebhookEndpoint[]> =>
  orm
    .select(SHOWN)
    .from(webhookEndpoints)
    .where(
      after === undefined
        ? undefined
        : lt(webhookEndpoints.ordinal, sql`(select ordinal from webhook_endpoints where id = ${after})`),
    )
    .orderBy(desc(webhookEndpoints.ordinal))
    .limit(limit)

import { and, desc, eq, lt, sql } from 'drizzle-orm'
import type { DeliveryPage, WebhookDelivery, WebhookStore } from '../src/ports/webhooks.ts'
import { webhookDeliveries, webhookEndpoints } from './schema.ts'
import type { Session } from './session.ts'

type DeliveryStore = Pick<
  WebhookStore,
  'deliveries' | 'delivery' | 'oldest' | 'test' | 'ask' | 'skip' | 'prune'
>

export const deliveryStore = (session: Session): DeliveryStore => ({
  deliveries: (endpointId, page) => list(session, endpointId, page),
  delivery: (id) => find(session, id),
  oldest: async (endpointId) => (await session.rows<[string]>(FIND_OLDEST, [endpointId]))[0]?.[0] ?? null,
  async test(endpoint, { id, type, time }, createdAt) {
    const [made] = await session.orm
      .insert(webhookDeliveries)
      .values({ endpoint, event: id, type, testTime: time, createdAt, asked: true })
      .returning({ id: webhookDeliveries.id })
    return (await find(session, made!.id))!
  },
  ask: async (id) => void (await session.rows(ASK, [id])),
  skip: async (id) => (await session.rows(SKIP, [id])).length > 0,
  prune: async (before) => (await session.rows(PRUNE, [new Date(before)])).length,
})

/** The oldest pending delivery of the endpoint of `d`. */
const OLDEST = `(
  select min(sequence) from webhook_deliveries as other where other.endpoint = d.endpoint and other.status = 'pending')`

const FIND_OLDEST = `
  select id from webhook_deliveries where endpoint = $1 and status = 'pending' and sequence is not null
  order by sequence limit 1`

/** What is next in its line needs no place beside it: it is tried now. */
const ASK = `
  with chosen as (
    select d.id, d.endpoint, d.status = 'pending' and d.sequence is not null as in_line, d.sequence = ${OLDEST} as is_next
    from webhook_deliveries as d where d.id = $1),
  beside as (
    update webhook_deliveries set asked = true from chosen
    where webhook_deliveries.id = chosen.id and not chosen.in_line)
  update webhook_endpoints set next_try = null from chosen
  where webhook_endpoints.id = chosen.endpoint and chosen.in_line and chosen.is_next`

const SKIP = `
  with skipped as (
    update webhook_deliveries as d set status = 'skipped', ended_at = clock_timestamp()
    where d.id = $1 and d.status = 'pending' and d.sequence = ${OLDEST}
    returning endpoint)
  update webhook_endpoints set tries = 0, next_try = null from skipped
  where webhook_endpoints.id = skipped.endpoint returning webhook_endpoints.id`

/** Some at a time, so that no statement lasts. */
const PRUNE = `
  delete from webhook_deliveries where id in (
    select id from webhook_deliveries where ended_at < $1 and not asked order by ended_at limit 1000)
  returning id`

const IS_NEXT = sql`${webhookDeliveries.status} = 'pending' and ${webhookEndpoints.state} = 'enabled'
  and ${webhookDeliveries.sequence} = (
    select min(other.sequence) from webhook_deliveries as other
    where other.endpoint = ${webhookEndpoints.id} and other.status = 'pending')`

/** A delivery as it is shown, with the endpoint that it belongs to. */
const SHOWN = {
  id: webhookDeliveries.id,
  endpointId: webhookDeliveries.endpoint,
  eventId: webhookDeliveries.event,
  type: webhookDeliveries.type,
  sequence: webhookDeliveries.sequence,
  status: webhookDeliveries.status,
  createdAt: webhookDeliveries.createdAt,
  attemptCount: webhookDeliveries.attemptCount,
  attempts: webhookDeliveries.attempts,
  nextTry: sql`case when ${IS_NEXT} then ${webhookEndpoints.nextTry} end`.mapWith(webhookEndpoints.nextTry),
}

const select = ({ orm }: Session) =>
  orm
    .select(SHOWN)
    .from(webhookDeliveries)
    .innerJoin(webhookEndpoints, eq(webhookEndpoints.id, webhookDeliveries.endpoint))
    .$dynamic()

async function find(session: Session, id: string): Promise<WebhookDelivery | null> {
  const [found] = await select(session).where(eq(webhookDeliveries.id, id))
  return found ?? null
}

function list(
  session: Session,
  endpointId: string,
  { limit, after }: DeliveryPage,
): Promise<WebhookDelivery[]> {
  const before = sql`(select ordinal from webhook_deliveries where id = ${after})`
  return select(session)
    .where(
      and(
        eq(webhookDeliveries.endpoint, endpointId),
        after === undefined ? undefined : lt(webhookDeliveries.ordinal, before),
      ),
    )
    .orderBy(desc(webhookDeliveries.ordinal))
    .limit(limit)
}

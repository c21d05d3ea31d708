import { and, asc, eq, isNotNull, isNull, lte, or, type SQL, sql } from 'drizzle-orm'
import { type EpochMs, epochMs, isoInstant } from '../src/market/time.ts'
import type { TradingEvent } from '../src/ports/events.ts'
import type { Attempt, DeliveryStatus, DueDelivery, Verdict, WebhookStore } from '../src/ports/webhooks.ts'
import { events, webhookDeliveries, webhookEndpoints } from './schema.ts'
import type { Session } from './session.ts'
import { SHOWN_DELIVERY } from './webhookDeliveries.ts'

type LineStore = Pick<WebhookStore, 'spread' | 'next' | 'dueAt' | 'waiting' | 'settle'>

/** What is to be sent, and in which order. */
export const lineStore = (session: Session): LineStore => ({
  async spread(now) {
    const rows = await session.rows<[id: string, given: boolean, more: boolean]>(SPREAD, [isoInstant(now)])
    return {
      given: rows.filter(([, given]) => given).map(([id]) => id),
      isMore: rows.some(([, , more]) => more),
    }
  },
  next: async (id, now) => (await asked(session, id, now)) ?? (await oldest(session, id, now)),
  async dueAt(id) {
    const [row] = await session.rows<[number | null]>(DUE_AT, [id])
    return row?.[0] == null ? null : epochMs(Math.round(row[0]))
  },
  waiting: async () => (await session.rows<[string]>(WAITING)).map(([id]) => id),
  settle: (due, attempt, verdict) => settle(session, due, attempt, verdict),
})

const SPREAD = `
  with newest as (select coalesce(max(sequence), 0) as sequence from events),
  due as (
    select w.id, w.told, w.events, least(newest.sequence, w.told + 1000) as until
    from webhook_endpoints as w cross join newest
    where w.state <> 'disabled' and w.told < newest.sequence
    for no key update of w),
  made as (
    insert into webhook_deliveries (endpoint, event, type, sequence, created_at)
    select due.id, e.id, e.type, e.sequence, $1
    from due join events as e on e.sequence > due.told and e.sequence <= due.until
      and (due.events is null or e.type = any (due.events))
    order by e.sequence
    returning endpoint),
  moved as (update webhook_endpoints as w set told = due.until from due where w.id = due.id)
  select due.id, due.id in (select endpoint from made), due.until < newest.sequence from due cross join newest`

const HAS_PENDING = `exists (
  select from webhook_deliveries as d where d.endpoint = w.id and d.status = 'pending' and d.sequence is not null)`
const HAS_ASKED = 'exists (select from webhook_deliveries as d where d.endpoint = w.id and d.asked)'

const DUE_AT = `
  select case
    when ${HAS_ASKED} then 0
    when w.state = 'enabled' and ${HAS_PENDING} then coalesce(date_part('epoch', w.next_try) * 1000, 0)
  end from webhook_endpoints as w where w.id = $1`

const WAITING = `
  select w.id from webhook_endpoints as w where ${HAS_ASKED} or (w.state = 'enabled' and ${HAS_PENDING})`

const asked = (session: Session, id: string, now: EpochMs) =>
  first(session, and(eq(webhookDeliveries.endpoint, id), webhookDeliveries.asked), now)

const oldest = (session: Session, id: string, now: EpochMs) =>
  first(
    session,
    and(
      eq(webhookDeliveries.endpoint, id),
      sql`${webhookDeliveries.status} = 'pending'`,
      isNotNull(webhookDeliveries.sequence),
      eq(webhookEndpoints.state, 'enabled'),
      or(isNull(webhookEndpoints.nextTry), lte(webhookEndpoints.nextTry, now)),
    ),
    now,
  )

async function first({ orm }: Session, which: SQL | undefined, now: EpochMs): Promise<DueDelivery | null> {
  const [found] = await orm
    .select({
      delivery: SHOWN_DELIVERY,
      endpoint: webhookEndpoints,
      event: events,
      isAsked: webhookDeliveries.asked,
      testTime: webhookDeliveries.testTime,
    })
    .from(webhookDeliveries)
    .innerJoin(webhookEndpoints, eq(webhookEndpoints.id, webhookDeliveries.endpoint))
    .leftJoin(events, eq(events.sequence, webhookDeliveries.sequence))
    .where(which)
    .orderBy(asc(webhookDeliveries.sequence), asc(webhookDeliveries.ordinal))
    .limit(1)
  if (found === undefined) return null
  const { delivery, endpoint, event, testTime, isAsked } = found
  const { url, secret, previousSecret, previousSecretUntil, tries } = endpoint
  return {
    ...{ delivery, url, secret, tries, isAsked },
    event: (event as TradingEvent | null) ?? { id: delivery.eventId, type: 'webhook.test', time: testTime! },
    previousSecret: previousSecretUntil !== null && now < previousSecretUntil ? previousSecret : null,
  }
}

const KEPT_ATTEMPTS = 20

/** One statement: what has reached the server is kept, whatever becomes of this process. */
async function settle(session: Session, due: DueDelivery, attempt: Attempt, verdict: Verdict): Promise<void> {
  const { id, attemptCount, attempts } = due.delivery
  const status = statusAfter(due, verdict)
  const kept = JSON.stringify([...attempts, attempt].slice(-KEPT_ATTEMPTS))
  const endpoint = endpointAfter(due, verdict)
  await session.rows(SETTLE, [
    ...[id, attemptCount, kept, status, isoInstant(attempt.at)],
    ...[endpoint.tries, endpoint.nextTry, endpoint.state, endpoint.reason],
  ])
}

const SETTLE = `
  with done as (
    update webhook_deliveries set attempts = $3::jsonb, attempt_count = attempt_count + 1, asked = false,
      status = $4::text, ended_at = case when $4::text <> 'pending' then coalesce(ended_at, $5::timestamptz) end
    where id = $1 and attempt_count = $2
    returning endpoint)
  update webhook_endpoints as w set
    tries = coalesce($6::int2, tries),
    next_try = case when $6::int2 is null then next_try else $7::timestamptz end,
    state = case when $8::text = 'disabled' or w.state = 'enabled' then coalesce($8::text, w.state) else w.state end,
    reason = case when $8::text = 'disabled' or w.state = 'enabled' then coalesce($9::text, w.reason) else w.reason end
  from done where w.id = done.endpoint`

/** What was tried outside the line, and in vain, stays what it was, unless it was a test. */
function statusAfter({ delivery, isAsked }: DueDelivery, { kind }: Verdict): DeliveryStatus {
  if (kind === 'delivered') return 'delivered'
  return isAsked && delivery.status === 'pending' ? 'failed' : delivery.status
}

interface EndpointAfter {
  /** Null leaves the schedule as it is. */
  readonly tries: number | null
  readonly nextTry: string | null
  readonly state: 'paused' | 'disabled' | null
  readonly reason: string | null
}

/** What stands outside the line moves nothing in it; but who answers 410 wants nothing more. */
function endpointAfter({ tries, isAsked }: DueDelivery, verdict: Verdict): EndpointAfter {
  const after = { tries: isAsked ? null : tries + 1, nextTry: null, state: null, reason: null }
  if (verdict.kind === 'gone') return { ...after, state: 'disabled', reason: verdict.reason }
  if (isAsked) return after
  if (verdict.kind === 'delivered') return { ...after, tries: 0 }
  if (verdict.kind === 'retry') return { ...after, nextTry: isoInstant(verdict.at) }
  return { ...after, state: 'paused', reason: verdict.reason }
}

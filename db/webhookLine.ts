import { type EpochMs, epochMs, isoInstant } from '../src/market/time.ts'
import type { TradingEvent } from '../src/ports/events.ts'
import type {
  Attempt,
  DeliveryStatus,
  DueDelivery,
  Verdict,
  WebhookDelivery,
  WebhookStore,
} from '../src/ports/webhooks.ts'
import type { Session } from './session.ts'

type LineStore = Pick<WebhookStore, 'spread' | 'next' | 'dueAt' | 'waiting' | 'oldestUntold' | 'settle'>

/** What is to be sent, and in which order. */
export const lineStore = (session: Session): LineStore => ({
  async spread(now) {
    const rows = await session.rows<[id: string, given: boolean, more: boolean]>(SPREAD, [isoInstant(now)])
    return {
      given: rows.filter(([, given]) => given).map(([id]) => id),
      isMore: rows.some(([, , more]) => more),
    }
  },
  next: (id, now) => next(session, id, now),
  async dueAt(id) {
    const [row] = await session.rows<[number | null]>(DUE_AT, [id])
    return row?.[0] == null ? null : epochMs(Math.round(row[0]))
  },
  waiting: async () => (await session.rows<[string]>(WAITING)).map(([id]) => id),
  async oldestUntold() {
    const [row] = await session.rows<[number | null]>(OLDEST_UNTOLD)
    return row?.[0] == null ? null : epochMs(row[0])
  },
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

const EPOCH_MS = (column: string) => `round(date_part('epoch', ${column}) * 1000)::float8`

/** Made into a delivery already, or not yet: what nobody spreads is late as well. */
const OLDEST_UNTOLD = `
  select ${EPOCH_MS('min(e.time)')}
  from webhook_endpoints as w
  cross join lateral (
    (select p.sequence from webhook_deliveries as p
      where p.endpoint = w.id and p.status = 'pending' and p.sequence is not null
      order by p.sequence limit 1)
    union all
    (select n.sequence from events as n
      where n.sequence > w.told and (w.events is null or n.type = any (w.events))
      order by n.sequence limit 1)) as untold
  join events as e on e.sequence = untold.sequence
  where w.state <> 'disabled'`

/** What a person asked for goes before what is next in the line. */
const NEXT = `
  select d.id, d.event, d.type, d.sequence::float8, d.status, d.asked, ${EPOCH_MS('d.created_at')}, d.attempt_count,
    d.attempts, ${EPOCH_MS('coalesce(d.test_time, e.time)')}, e.data, w.url, w.secret,
    case when w.previous_secret_until > $2 then w.previous_secret end, w.tries, ${EPOCH_MS('w.next_try')}
  from webhook_endpoints as w
  cross join lateral (
    (select * from webhook_deliveries as a where a.endpoint = w.id and a.asked order by a.sequence, a.ordinal limit 1)
    union all
    (select * from webhook_deliveries as p
      where p.endpoint = w.id and p.status = 'pending' and p.sequence is not null
        and w.state = 'enabled' and (w.next_try is null or w.next_try <= $2)
      order by p.sequence limit 1)
    limit 1) as d
  left join events as e on e.sequence = d.sequence
  where w.id = $1`

type NextRow = [
  ...delivery: [id: string, event: string, type: WebhookDelivery['type'], sequence: number | null],
  ...state: [status: DeliveryStatus, isAsked: boolean, createdMs: number, count: number, attempts: Attempt[]],
  ...event: [timeMs: number, data: TradingEvent['data'] | null],
  ...endpoint: [
    url: string,
    secret: Buffer,
    previousSecret: Buffer | null,
    tries: number,
    nextMs: number | null,
  ],
]

async function next(session: Session, endpointId: string, now: EpochMs): Promise<DueDelivery | null> {
  const [row] = await session.rows<NextRow>(NEXT, [endpointId, isoInstant(now)])
  if (row === undefined) return null
  const [id, eventId, type, sequence, status, isAsked, createdMs, attemptCount, attempts, ...rest] = row
  const [timeMs, data, url, secret, previousSecret, tries, nextMs] = rest
  const told = { id: eventId, type, time: epochMs(timeMs) }
  const createdAt = epochMs(createdMs)
  const nextTry = isAsked || nextMs === null ? null : epochMs(nextMs)
  return {
    ...{ url, secret, previousSecret, tries, isAsked },
    delivery: {
      ...{ id, endpointId, eventId, type, sequence, status },
      ...{ createdAt, attemptCount, attempts, nextTry },
    },
    event: (sequence === null ? told : { ...told, sequence, data }) as DueDelivery['event'],
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

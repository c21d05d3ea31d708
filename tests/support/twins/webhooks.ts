import type { EpochMs } from '../../../src/market/time.ts'
import { epochMs } from '../../../src/market/time.ts'
import type { EventStore } from '../../../src/ports/events.ts'
import type {
  DeliveryStatus,
  DueDelivery,
  NewEndpoint,
  TestEvent,
  Verdict,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookStore,
} from '../../../src/ports/webhooks.ts'
import { type Journal, Table } from './table.ts'

interface EndpointRow extends NewEndpoint {
  readonly ordinal: number
  readonly state: WebhookEndpoint['state']
  readonly reason: string | null
  readonly previousSecret: Uint8Array | null
  readonly previousSecretUntil: EpochMs | null
  readonly told: number
  readonly tries: number
  readonly nextTry: EpochMs | null
}

interface DeliveryRow extends Omit<WebhookDelivery, 'nextTry'> {
  readonly ordinal: number
  readonly isAsked: boolean
  readonly test: TestEvent | null
  readonly endedAt: EpochMs | null
}

const AFRESH = { tries: 0, nextTry: null }
const KEPT_ATTEMPTS = 20

export function memoryWebhooks(journal: Journal, events: EventStore, clock: () => EpochMs): WebhookStore {
  const endpoints = new Table<string, EndpointRow>('webhook_endpoints', journal)
  const deliveries = new Table<string, DeliveryRow>('webhook_deliveries', journal)
  let ordinals = 0
  const of = (id: string) => deliveries.rows().filter(({ endpointId }) => endpointId === id)
  const lineOf = (id: string) =>
    of(id)
      .filter(({ status, sequence }) => status === 'pending' && sequence !== null)
      .sort((a, b) => a.sequence! - b.sequence!)
  const isNext = (row: DeliveryRow) => lineOf(row.endpointId)[0]?.id === row.id
  const set = (id: string, fields: Partial<EndpointRow>) => {
    const row = endpoints.get(id)
    if (row) endpoints.set(id, { ...row, ...fields })
  }
  const change = (id: string, fields: Partial<DeliveryRow>) =>
    deliveries.set(id, { ...deliveries.get(id)!, ...fields })
  const shown = (row: EndpointRow): WebhookEndpoint => {
    const { ordinal: _, secret: __, previousSecret: ___, told: ____, tries: _____, ...fields } = row
    return { ...fields, pending: of(row.id).filter(({ status }) => status === 'pending').length }
  }
  const shownDelivery = (row: DeliveryRow): WebhookDelivery => {
    const { ordinal: _, isAsked: __, test: ___, endedAt: ____, ...fields } = row
    const endpoint = endpoints.get(row.endpointId)!
    return { ...fields, nextTry: endpoint.state === 'enabled' && isNext(row) ? endpoint.nextTry : null }
  }
  const find = async (id: string) => (endpoints.get(id) ? shown(endpoints.get(id)!) : null)
  const add = (fields: Pick<DeliveryRow, 'endpointId' | 'eventId' | 'type' | 'sequence' | 'createdAt'>) => {
    const ordinal = ++ordinals
    const rest = { status: 'pending', attemptCount: 0, attempts: [], isAsked: false, test: null } as const
    const row = { ...fields, ...rest, id: `dlv_${ordinal}`, ordinal, endedAt: null }
    deliveries.set(row.id, row)
    return row
  }
  const due = async (row: DeliveryRow, now: EpochMs): Promise<DueDelivery> => {
    const { url, secret, previousSecret, previousSecretUntil, tries } = endpoints.get(row.endpointId)!
    const [event] = row.sequence === null ? [] : await events.after(row.sequence - 1, 1)
    return {
      ...{ url, secret, tries, isAsked: row.isAsked },
      delivery: shownDelivery(row),
      event: event ?? row.test!,
      previousSecret: previousSecretUntil !== null && now < previousSecretUntil ? previousSecret : null,
    }
  }
  const askedOf = (id: string) =>
    of(id)
      .filter(({ isAsked }) => isAsked)
      .sort((a, b) => (a.sequence ?? 1e15) - (b.sequence ?? 1e15) || a.ordinal - b.ordinal)
  const isWaiting = ({ id, state }: EndpointRow) =>
    askedOf(id).length > 0 || (state === 'enabled' && lineOf(id).length > 0)

  return {
    find,
    async create(endpoint) {
      const rest = {
        state: 'enabled',
        reason: null,
        previousSecret: null,
        previousSecretUntil: null,
      } as const
      const told = await events.latest()
      endpoints.set(endpoint.id, { ...endpoint, ...rest, ...AFRESH, told, ordinal: ++ordinals })
      return (await find(endpoint.id))!
    },
    async list({ limit, after }) {
      const before = after === undefined ? Number.POSITIVE_INFINITY : (endpoints.get(after)?.ordinal ?? 0)
      return newestFirst(endpoints.rows(), before, limit).map(shown)
    },
    async change(id, changes) {
      set(id, { ...changes, ...(changes.url === undefined ? {} : AFRESH) })
      return find(id)
    },
    async remove(id) {
      if (!endpoints.get(id)) return false
      for (const row of of(id)) deliveries.delete(row.id)
      endpoints.delete(id)
      return true
    },
    disable: async (id, reason) => set(id, { state: 'disabled', reason, nextTry: null }),
    async enable(id) {
      const isDisabled = endpoints.get(id)?.state === 'disabled'
      const told = isDisabled ? { told: await events.latest() } : {}
      set(id, { state: 'enabled', reason: null, ...AFRESH, ...told })
    },
    async rotate(id, secret, until) {
      const row = endpoints.get(id)
      if (row) set(id, { secret, previousSecret: row.secret, previousSecretUntil: until })
    },
    async spread(now) {
      const all = await events.after(0, Number.POSITIVE_INFINITY) // and no more waiting: it happens at once
      const latest = all.length
      const given: string[] = []
      for (const { id, told, state, events: types } of endpoints.rows()) {
        if (state === 'disabled' || told >= latest) continue
        const found = all.slice(told, told + 1_000)
        const wanted = found.filter(({ type }) => types === null || types.includes(type))
        for (const { id: eventId, type, sequence } of wanted)
          add({ endpointId: id, eventId, type, sequence, createdAt: now })
        set(id, { told: found.at(-1)!.sequence })
        if (wanted.length > 0) given.push(id)
      }
      const isMore = endpoints.rows().some(({ told, state }) => state !== 'disabled' && told < latest)
      return { given, isMore }
    },
    async next(id, now) {
      const row = endpoints.get(id)
      if (!row) return null
      const isDue = row.state === 'enabled' && (row.nextTry === null || row.nextTry <= now)
      const first = askedOf(id)[0] ?? (isDue ? lineOf(id)[0] : undefined)
      return first ? due(first, now) : null
    },
    async dueAt(id) {
      const row = endpoints.get(id)
      if (!row || !isWaiting(row)) return null
      return askedOf(id).length > 0 ? epochMs(0) : (row.nextTry ?? epochMs(0))
    },
    waiting: async () =>
      endpoints
        .rows()
        .filter(isWaiting)
        .map(({ id }) => id),
    async oldestUntold() {
      const all = await events.after(0, Number.POSITIVE_INFINITY)
      const untold = endpoints
        .rows()
        .filter(({ state }) => state !== 'disabled')
        .flatMap(({ id, told, events: types }) => {
          const next = all.find(
            ({ sequence, type }) => sequence > told && (types === null || types.includes(type)),
          )
          return [lineOf(id)[0]?.sequence, next?.sequence]
        })
      const times = all.filter(({ sequence }) => untold.includes(sequence)).map(({ time }) => time)
      return times.length === 0 ? null : epochMs(Math.min(...times))
    },
    async settle({ delivery, isAsked, tries }, attempt, verdict) {
      const row = deliveries.get(delivery.id)
      if (!row || row.attemptCount !== delivery.attemptCount) return
      const status = statusAfter(row, isAsked, verdict)
      change(row.id, {
        attempts: [...row.attempts, attempt].slice(-KEPT_ATTEMPTS),
        attemptCount: row.attemptCount + 1,
        isAsked: false,
        status,
        endedAt: status === 'pending' ? null : (row.endedAt ?? attempt.at),
      })
      const endpoint = endpoints.get(row.endpointId)!
      if (!isAsked) {
        const nextTry = verdict.kind === 'retry' ? verdict.at : null
        set(endpoint.id, { tries: verdict.kind === 'delivered' ? 0 : tries + 1, nextTry })
      }
      if (verdict.kind === 'gone') set(endpoint.id, { state: 'disabled', reason: verdict.reason })
      if (verdict.kind === 'exhausted' && !isAsked && endpoint.state === 'enabled')
        set(endpoint.id, { state: 'paused', reason: verdict.reason })
    },
    async deliveries(endpointId, { limit, after }) {
      const before = after === undefined ? Number.POSITIVE_INFINITY : (deliveries.get(after)?.ordinal ?? 0)
      return newestFirst(of(endpointId), before, limit).map(shownDelivery)
    },
    delivery: async (id) => (deliveries.get(id) ? shownDelivery(deliveries.get(id)!) : null),
    oldest: async (endpointId) => lineOf(endpointId)[0]?.id ?? null,
    async test(endpointId, event, createdAt) {
      const { id } = add({ endpointId, eventId: event.id, type: event.type, sequence: null, createdAt })
      change(id, { test: event, isAsked: true })
      return shownDelivery(deliveries.get(id)!)
    },
    async ask(id) {
      const row = deliveries.get(id)
      if (!row) return
      if (row.status !== 'pending' || row.sequence === null) change(id, { isAsked: true })
      else if (isNext(row)) set(row.endpointId, { nextTry: null })
    },
    async skip(id) {
      const row = deliveries.get(id)
      if (!row || !isNext(row)) return false
      change(id, { status: 'skipped', endedAt: clock() })
      set(row.endpointId, AFRESH)
      return true
    },
    async prune(before) {
      const over = deliveries
        .rows()
        .filter(({ endedAt, isAsked }) => endedAt !== null && endedAt < before && !isAsked)
      for (const { id } of over.slice(0, 1_000)) deliveries.delete(id)
      return Math.min(over.length, 1_000)
    },
  }
}

function statusAfter({ status }: DeliveryRow, isAsked: boolean, { kind }: Verdict): DeliveryStatus {
  if (kind === 'delivered') return 'delivered'
  return isAsked && status === 'pending' ? 'failed' : status
}

const newestFirst = <Row extends { ordinal: number }>(rows: Row[], before: number, limit: number): Row[] =>
  rows
    .filter(({ ordinal }) => ordinal < before)
    .sort((a, b) => b.ordinal - a.ordinal)
    .slice(0, limit)

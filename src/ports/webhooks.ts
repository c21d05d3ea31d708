import type { EpochMs } from '../market/time.ts'
import type { EventType, TradingEvent } from './events.ts'

/** `paused` by a schedule that is used up, later events kept · `disabled` by a person or by 410, events passed over. */
export type EndpointState = 'enabled' | 'paused' | 'disabled'

/** Where events are delivered to. Instants are of the machine's clock. */
export interface WebhookEndpoint {
  readonly id: string
  readonly url: string
  /** Null for all. */
  readonly events: readonly EventType[] | null
  readonly description: string
  readonly state: EndpointState
  /** Why it is not enabled. */
  readonly reason: string | null
  readonly createdAt: EpochMs
  /** Until when the secret before this one signs as well. */
  readonly previousSecretUntil: EpochMs | null
  /** When its oldest pending delivery is tried next; null when that may be at once, or never. */
  readonly nextTry: EpochMs | null
  /** Deliveries that wait, the one that is being tried included. */
  readonly pending: number
}

export interface NewEndpoint
  extends Pick<WebhookEndpoint, 'id' | 'url' | 'events' | 'description' | 'createdAt'> {
  /** Encrypted. */
  readonly secret: Uint8Array
}

interface EndpointChanges {
  readonly url?: string
  readonly events?: readonly EventType[] | null
  readonly description?: string
}

/** One try to deliver. What a receiver answers besides its status is not kept, nor shown to anybody. */
export interface Attempt {
  readonly at: EpochMs
  readonly durationMs: number
  /** The status of the answer; null when there was none. */
  readonly response: number | null
  /** Why it does not count as delivered, in a few words. */
  readonly error: string | null
}

/** `pending` waits its turn · `failed` was asked for once, and in vain · `skipped` by a person. */
export type DeliveryStatus = 'pending' | 'delivered' | 'failed' | 'skipped'

/** One event for one endpoint. */
export interface WebhookDelivery {
  readonly id: string
  readonly endpointId: string
  readonly eventId: string
  readonly type: EventType | 'webhook.test'
  /** Null of a test. */
  readonly sequence: number | null
  readonly status: DeliveryStatus
  readonly createdAt: EpochMs
  readonly attemptCount: number
  /** The newest 20, oldest first. */
  readonly attempts: readonly Attempt[]
  /** When it is tried next; null unless it is the oldest that is pending. */
  readonly nextTry: EpochMs | null
}

/** A test has no place in the outbox. */
export interface TestEvent {
  readonly id: string
  readonly type: 'webhook.test'
  /** Market time. */
  readonly time: EpochMs
}

/** What has to be sent now. */
export interface DueDelivery {
  readonly delivery: WebhookDelivery
  readonly event: TradingEvent | TestEvent
  readonly url: string
  readonly secret: Uint8Array
  readonly previousSecret: Uint8Array | null
  /** Tries of the schedule so far. */
  readonly tries: number
  /** Whether a person asked for it, outside the line: it is tried once. */
  readonly isAsked: boolean
}

/** What follows from an attempt. */
export type Verdict =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly at: EpochMs }
  /** The schedule is used up. */
  | { readonly kind: 'exhausted'; readonly reason: string }
  /** 410. */
  | { readonly kind: 'gone'; readonly reason: string }

export interface DeliveryPage {
  readonly limit: number
  /** Only those made before this one. */
  readonly after?: string
}

export interface WebhookStore {
  create(endpoint: NewEndpoint): Promise<WebhookEndpoint>
  find(id: string): Promise<WebhookEndpoint | null>
  /** Newest first. */
  list(page: DeliveryPage): Promise<WebhookEndpoint[]>
  /** A new address is tried at once. Null for an unknown id. */
  change(id: string, changes: EndpointChanges): Promise<WebhookEndpoint | null>
  /** The deliveries go with it. False for an unknown id. */
  remove(id: string): Promise<boolean>
  disable(id: string, reason: string): Promise<void>
  /** Begins its schedule anew. One that was disabled is told what happens from now on, after what was pending. */
  enable(id: string): Promise<void>
  /** The secret that was in use signs as well until `until`. */
  rotate(id: string, secret: Uint8Array, until: EpochMs): Promise<void>

  /** Makes deliveries of new events, of a thousand at most. `given` are the endpoints that have more to do by it. */
  spread(now: EpochMs): Promise<{ readonly given: string[]; readonly isMore: boolean }>
  /** What has to be sent to an endpoint now: first what a person asked for, then the oldest pending one. */
  next(id: string, now: EpochMs): Promise<DueDelivery | null>
  /** When there will be something to send; null when nothing waits. May lie in the past. */
  dueAt(id: string): Promise<EpochMs | null>
  /** The endpoints of which something waits, whenever it is due. */
  waiting(): Promise<string[]>
  /** When the oldest event happened that an endpoint is still to be told, in market time; null when none is. */
  oldestUntold(): Promise<EpochMs | null>
  /** Keeps an attempt and what follows from it, unless it was kept already. */
  settle(due: DueDelivery, attempt: Attempt, verdict: Verdict): Promise<void>

  /** Newest first. */
  deliveries(endpointId: string, page: DeliveryPage): Promise<WebhookDelivery[]>
  delivery(id: string): Promise<WebhookDelivery | null>
  /** The id of the delivery that is next in the line of an endpoint. */
  oldest(endpointId: string): Promise<string | null>
  /** Adds a delivery outside the line. */
  test(endpointId: string, event: TestEvent, now: EpochMs): Promise<WebhookDelivery>
  /** Has a delivery tried once outside the line, or now where it is next in it. */
  ask(id: string): Promise<void>
  /** Passes over the oldest pending delivery. False when this one is not it. */
  skip(id: string): Promise<boolean>
  /** Forgets deliveries that are over since before `before`, some of them at most. How many. */
  prune(before: EpochMs): Promise<number>
}

export interface EndpointRequest {
  readonly url: string
  readonly events: readonly EventType[] | null
  readonly description: string
}

export interface EndpointPatch extends EndpointChanges {
  readonly state?: 'enabled' | 'disabled'
  /** The delivery to pass over: the oldest that is pending. */
  readonly skip?: string
}

/** The secret is to be shown once. */
export interface WithSecret {
  readonly endpoint: WebhookEndpoint
  readonly secret: string
}

/** Webhooks as the API has them. Every method rejects with `missing` for an unknown id. */
export interface Webhooks {
  /** Rejects with `invalid` a URL that leads, or may lead, where nothing may be sent. */
  create(request: EndpointRequest): Promise<WithSecret>
  find(id: string): Promise<WebhookEndpoint>
  /** All of it, or nothing. */
  change(id: string, patch: EndpointPatch): Promise<WebhookEndpoint>
  remove(id: string): Promise<void>
  rotate(id: string): Promise<WithSecret>
  /** Has a message of no meaning sent, whatever the state of the endpoint. */
  test(id: string): Promise<WebhookDelivery>
  /** Has a delivery sent once more, or now when it is next. Rejects with `conflict` what waits for its turn. */
  redeliver(id: string): Promise<WebhookDelivery>
}

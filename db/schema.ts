import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  date,
  doublePrecision,
  index,
  integer,
  json,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type { EventType, TradingEvent } from '../src/ports/events.ts'
import type { Attempt, DeliveryStatus, EndpointState, WebhookDelivery } from '../src/ports/webhooks.ts'
import type { StoredWorld } from '../src/ports/world.ts'
import { blob, identity, instant, spans } from './columns.ts'

const randomId = () => text().default(sql`gen_random_uuid()::text`)

export const instruments = pgTable('instruments', {
  id: integer().generatedAlwaysAsIdentity().primaryKey(),
  symbol: text().notNull().unique(),
  conId: integer('con_id').notNull(),
  exchange: text().notNull(),
  primaryExchange: text('primary_exchange').notNull(),
  currency: text().notNull(),
  minTick: doublePrecision('min_tick').notNull(),
  priceScale: integer('price_scale').notNull(),
  tracked: boolean().notNull(),
})

// The widest columns come first, so that no row is padded: 68 bytes, and 32 more in the key. Bars have no foreign
// key: it would more than halve the speed of a load, and every writer holds an Instrument that was read from here.

/** Prices are whole numbers of the instrument's price scale; `volume` is shares. Partitioned by month. */
export const secondBars = pgTable(
  'second_bars',
  {
    time: instant().notNull(),
    instrument: integer().notNull(),
    open: integer().notNull(),
    high: integer().notNull(),
    low: integer().notNull(),
    close: integer().notNull(),
    volume: integer().notNull(),
    vwap: integer(),
    tradeCount: integer('trade_count'),
  },
  (bar) => [primaryKey({ columns: [bar.instrument, bar.time] })],
)

/** Stored bars of every size but a second; `size` is in seconds. */
export const bars = pgTable(
  'bars',
  {
    time: instant().notNull(),
    volume: bigint({ mode: 'number' }).notNull(),
    instrument: integer().notNull(),
    size: integer().notNull(),
    open: integer().notNull(),
    high: integer().notNull(),
    low: integer().notNull(),
    close: integer().notNull(),
    vwap: integer(),
    tradeCount: integer('trade_count'),
  },
  (bar) => [primaryKey({ columns: [bar.instrument, bar.size, bar.time] })],
)

/** Buckets of stored seconds. `vwapVolume` is the exact sum of vwap times volume, so that no order of adding shows. */
export const rollups = pgTable(
  'rollups',
  {
    time: instant().notNull(),
    volume: bigint({ mode: 'number' }).notNull(),
    tradeCount: bigint('trade_count', { mode: 'number' }),
    instrument: integer().notNull(),
    size: integer().notNull(),
    open: integer().notNull(),
    high: integer().notNull(),
    low: integer().notNull(),
    close: integer().notNull(),
    vwapVolume: numeric('vwap_volume'),
  },
  (bucket) => [primaryKey({ columns: [bucket.instrument, bucket.size, bucket.time] })],
)

/**
 * The seconds of one exchange date, moved out of `second_bars` as compressed columns. A second lies in one of the two
 * tables, never in both. `first` and `last` are the starts of the first and the last bar, `hash` is of the columns
 * before they are compressed.
 */
export const archives = pgTable(
  'archives',
  {
    first: instant().notNull(),
    last: instant().notNull(),
    instrument: integer().notNull(),
    count: integer().notNull(),
    date: date({ mode: 'string' }).notNull(),
    hash: blob().notNull(),
    columns: blob().notNull(),
  },
  (day) => [
    primaryKey({ columns: [day.instrument, day.date] }),
    index('archives_of_time').on(day.instrument, day.first),
  ],
)

/** What a bar was before a later answer changed it. `market` and `machine` time tell when; prices are as in `bars`. */
export const revisions = pgTable(
  'revisions',
  {
    id: identity().primaryKey(),
    time: instant().notNull(),
    volume: bigint({ mode: 'number' }).notNull(),
    instrument: integer().notNull(),
    size: integer().notNull(),
    open: integer().notNull(),
    high: integer().notNull(),
    low: integer().notNull(),
    close: integer().notNull(),
    vwap: integer(),
    tradeCount: integer('trade_count'),
    marketTime: instant('market_time'),
    machineTime: instant('machine_time').notNull().default(sql`clock_timestamp()`),
    source: text().notNull(),
    /** The chunk or the import that brought the change. */
    request: text(),
  },
  (revision) => [index('revisions_of_bar').on(revision.instrument, revision.size, revision.time)],
)

/**
 * Rows that could not be bars, which lie nowhere else, and stored bars that are suspected. Suspected bars stay where
 * they are: reads for candles leave out the `excluded` ones.
 */
export const quarantine = pgTable(
  'quarantine',
  {
    id: randomId().primaryKey(),
    ordinal: identity().unique(),
    instrument: integer().notNull(),
    size: integer().notNull(),
    /** Null where the row has no readable time. */
    time: instant(),
    kind: text({ enum: ['badValue', 'jump', 'badPrint'] }).notNull(),
    state: text({ enum: ['rejected', 'flagged', 'excluded', 'released'] }).notNull(),
    decidedBy: text('decided_by', { enum: ['rule', 'policy', 'person'] }).notNull(),
    reason: text().notNull(),
    /** The row as it was delivered, in JSON. */
    sample: text().notNull(),
    marketTime: instant('market_time'),
    machineTime: instant('machine_time').notNull().default(sql`clock_timestamp()`),
    source: text().notNull(),
    request: text(),
  },
  (item) => [
    uniqueIndex('quarantine_of_bar').on(item.instrument, item.size, item.time).where(sql`kind <> 'badValue'`),
    uniqueIndex('quarantine_of_row')
      .on(item.instrument, item.size, sql`md5(${item.sample})`)
      .where(sql`kind = 'badValue'`),
  ],
)

/** One row an exchange date: the spans in each state, which never overlap. */
export const coverage = pgTable(
  'coverage',
  {
    instrument: integer().notNull(),
    size: integer().notNull(),
    date: date({ mode: 'string' }).notNull(),
    done: spans().notNull(),
    empty: spans().notNull(),
    partial: spans().notNull(),
    failed: spans().notNull(),
  },
  (day) => [primaryKey({ columns: [day.instrument, day.size, day.date] })],
)

/** `ordinal` is the order of the list; the state follows from the chunks, except that it may be cancelled. */
export const backfills = pgTable('backfills', {
  id: randomId().primaryKey(),
  ordinal: identity().unique(),
  instrument: integer()
    .notNull()
    .references(() => instruments.id),
  session: text({ enum: ['rth', 'all'] }).notNull(),
  from: instant('starts').notNull(),
  to: instant('ends').notNull(),
  createdAt: instant('created_at').notNull(),
  cancelled: boolean().notNull().default(false),
})

export const chunks = pgTable(
  'chunks',
  {
    id: randomId().primaryKey(),
    backfill: text()
      .notNull()
      .references(() => backfills.id, { onDelete: 'cascade' }),
    from: instant('starts').notNull(),
    to: instant('ends').notNull(),
    /** Market time before which it may not run. */
    notBefore: instant('not_before').notNull(),
    state: text({ enum: ['waiting', 'queued', 'done', 'empty', 'failed', 'cancelled'] })
      .notNull()
      .default('waiting'),
    attempts: integer().notNull().default(0),
    emptyAnswers: integer('empty_answers').notNull().default(0),
    lastError: text('last_error'),
  },
  (chunk) => [
    index('chunks_of_backfill').on(chunk.backfill, chunk.state),
    index('chunks_waiting').on(chunk.from.desc().nullsFirst()).where(sql`state = 'waiting'`),
    index('chunks_queued').on(chunk.id).where(sql`state = 'queued'`),
  ],
)

export const pacingLog = pgTable(
  'pacing_log',
  {
    id: identity().primaryKey(),
    at: instant().notNull(),
    weight: smallint().notNull(),
    lane: text({ enum: ['trader', 'live', 'repair', 'backfill'] }).notNull(),
    signature: text().notNull(),
    contract: text().notNull(),
  },
  (request) => [index('pacing_log_at').on(request.at)],
)

/** Who talks to TWS. Holding the advisory lock is the lease; the row counts its holders. */
export const leases = pgTable('leases', {
  name: text().primaryKey(),
  epoch: bigint({ mode: 'number' }).notNull(),
  holder: text().notNull(),
  takenAt: instant('taken_at').notNull(),
})

/** One row: the world that this database belongs to, and where the pacing log was begun. */
export const worlds = pgTable(
  'worlds',
  {
    id: smallint().primaryKey().default(1),
    kind: text({ enum: ['simulated', 'real'] }).notNull(),
    world: jsonb().$type<NonNullable<StoredWorld['world']>>(),
    anchor: instant(),
    ledgerHome: text('ledger_home').notNull(),
    /** JSON: accounts and open orders of the simulated broker. */
    books: text(),
  },
  (world) => [check('worlds_only_one', sql`${world.id} = 1`)],
)

export const jobRuns = pgTable('job_runs', {
  name: text().primaryKey(),
  lastRun: instant('last_run').notNull(),
  lastResult: text('last_result', { enum: ['done', 'failed'] }).notNull(),
  detail: text().notNull(),
})

export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    route: text().notNull(),
    key: text().notNull(),
    bodyHash: text('body_hash').notNull(),
    /** What is made for it takes this id, so that a second attempt after a crash makes nothing twice. */
    subject: randomId().notNull(),
    /** Both null until it has been answered. */
    status: smallint(),
    body: text(),
    /** Machine time. */
    createdAt: instant('created_at').notNull().default(sql`clock_timestamp()`),
  },
  (answer) => [
    primaryKey({ columns: [answer.route, answer.key] }),
    index('idempotency_keys_created_at').on(answer.createdAt),
  ],
)

/** `digest` is the SHA-256 of the secret. Instants are of the machine's clock; `ordinal` is the order of the list. */
export const tokens = pgTable('tokens', {
  id: randomId().primaryKey(),
  ordinal: identity().unique(),
  name: text().notNull(),
  scopes: text({ enum: ['read', 'trade', 'admin'] })
    .array()
    .notNull(),
  digest: blob().notNull().unique(),
  createdAt: instant('created_at').notNull(),
  expiresAt: instant('expires_at'),
  lastUsedAt: instant('last_used_at'),
  revokedAt: instant('revoked_at'),
})

/** Hash-chained (db/auditChain.ts); a trigger refuses to change it. `at` is the machine's clock. */
export const audit = pgTable('audit', {
  sequence: bigint({ mode: 'number' }).primaryKey(),
  at: instant().notNull(),
  kind: text({ enum: ['asked', 'answered', 'refused'] }).notNull(),
  actor: text(),
  scope: text({ enum: ['read', 'trade', 'admin'] }),
  address: text(),
  operation: text(),
  method: text().notNull(),
  path: text().notNull(),
  bodyHash: text('body_hash'),
  status: smallint(),
  asked: bigint({ mode: 'number' }),
  before: text(),
  after: text(),
  previous: text().notNull(),
  hash: text().notNull(),
})

/** What is answered lies as text, so that it stays the same bytes. `ordinal` is the order of the list. */
export const backtests = pgTable('backtests', {
  id: randomId().primaryKey(),
  ordinal: identity().unique(),
  state: text({ enum: ['queued', 'running', 'done', 'failed', 'cancelled'] })
    .notNull()
    .default('queued'),
  reason: text(),
  /** Machine time. */
  createdAt: instant('created_at').notNull().default(sql`clock_timestamp()`),
  /** When the process that has taken it last said that it lives. */
  aliveAt: instant('alive_at').notNull().default(sql`clock_timestamp()`),
  request: text().notNull(),
  result: text(),
  trades: text(),
  columns: blob(),
})

/** The outbox. `sequence` is given under a lock that is held until the commit, so that no reader meets a hole. */
export const events = pgTable('events', {
  sequence: bigint({ mode: 'number' }).primaryKey(),
  id: text().notNull().unique().default(sql`'evt_' || replace(gen_random_uuid()::text, '-', '')`),
  type: text().$type<EventType>().notNull(),
  /** Market time. */
  time: instant().notNull(),
  /** As text, so that its fields keep their order. */
  data: json().$type<TradingEvent['data']>().notNull(),
})

/** Instants are of the machine's clock. `told` is the last sequence of which deliveries were made. */
export const webhookEndpoints = pgTable('webhook_endpoints', {
  id: text().primaryKey(),
  ordinal: identity().unique(),
  url: text().notNull(),
  /** Null for all. */
  events: text().array().$type<EventType[]>(),
  description: text().notNull(),
  state: text().$type<EndpointState>().notNull().default('enabled'),
  reason: text(),
  createdAt: instant('created_at').notNull(),
  /** Encrypted under DATA_DIR/webhook.key. */
  secret: blob().notNull(),
  previousSecret: blob('previous_secret'),
  previousSecretUntil: instant('previous_secret_until'),
  told: bigint({ mode: 'number' }).notNull(),
  /** How often the oldest pending delivery was tried by the schedule, and when it is tried next. */
  tries: smallint().notNull().default(0),
  nextTry: instant('next_try'),
})

/** One event for one endpoint; of a test `sequence` is null. `asked`: a person wants one try of it outside the line. */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    id: text().primaryKey().default(sql`'dlv_' || replace(gen_random_uuid()::text, '-', '')`),
    ordinal: identity().unique(),
    endpoint: text()
      .notNull()
      .references(() => webhookEndpoints.id, { onDelete: 'cascade' }),
    event: text().notNull(),
    type: text().$type<WebhookDelivery['type']>().notNull(),
    sequence: bigint({ mode: 'number' }),
    status: text().$type<DeliveryStatus>().notNull().default('pending'),
    asked: boolean().notNull().default(false),
    createdAt: instant('created_at').notNull(),
    /** Market time, of a test. */
    testTime: instant('test_time'),
    endedAt: instant('ended_at'),
    attemptCount: integer('attempt_count').notNull().default(0),
    attempts: jsonb().$type<Attempt[]>().notNull().default([]),
  },
  (delivery) => [
    uniqueIndex('webhook_deliveries_of_event').on(delivery.endpoint, delivery.sequence),
    index('webhook_deliveries_of_endpoint').on(delivery.endpoint, delivery.ordinal),
    index('webhook_deliveries_pending')
      .on(delivery.endpoint, delivery.sequence)
      .where(sql`status = 'pending'`),
    index('webhook_deliveries_asked').on(delivery.endpoint, delivery.ordinal).where(sql`asked`),
    index('webhook_deliveries_ended').on(delivery.endedAt).where(sql`ended_at is not null`),
  ],
)

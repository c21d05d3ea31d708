import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  json,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import type { Trader, TraderSettings } from '../src/ports/traders.ts'
import type { Condition, Level } from '../src/strategy/decision.ts'
import { identity, instant } from './columns.ts'

// The journal of trading. Nothing of it is ever deleted, and triggers see to that: 40 orders a day are some 20 MB a
// year, and the position is the sum of all executions. Whoever wants it smaller one day must first carry the position
// over in a synthetic execution. What has the shape of a port lies as `json`, not `jsonb`, so that it stays as it was
// written; prices and quantities are the broker's numbers, and so double precision.

const whole = (name: string) => bigint(name, { mode: 'number' })

/** One row: what every intent's transaction locks. */
export const traders = pgTable(
  'traders',
  {
    id: smallint().primaryKey().default(1),
    level: text({ enum: ['off', 'active', 'reducing', 'halted'] }).notNull(),
    isFlattening: boolean('is_flattening').notNull(),
    isPanicking: boolean('is_panicking').notNull(),
    reason: text(),
    cause: text({ enum: ['person', 'limit', 'fault', 'start', 'panic'] }).notNull(),
    since: instant().notNull(),
    settings: json().$type<TraderSettings>().notNull(),
    account: text(),
    lastOrderId: whole('last_order_id').notNull(),
    warmedFrom: instant('warmed_from'),
    day: json().$type<NonNullable<Trader['day']>>(),
    version: whole('version').notNull().default(1),
  },
  (trader) => [check('traders_only_one', sql`${trader.id} = 1`)],
)

export const traderStarts = pgTable(
  'trader_starts',
  { id: identity().primaryKey(), at: instant().notNull() },
  (start) => [index('trader_starts_at').on(start.at)],
)

/** Written out, so that the partial indexes are used. */
export const IS_OPEN_INTENT = sql.raw(
  "state in ('reserved', 'sending', 'working', 'partial', 'held', 'cancelling', 'unresolved')",
)

/** The unique indexes are the last guard against an order twice, whatever the code above them believes. */
export const intents = pgTable(
  'intents',
  {
    id: text().primaryKey(),
    ordinal: identity().unique(),
    purpose: text({ enum: ['entry', 'exit', 'stop'] }).notNull(),
    symbol: text().notNull(),
    candleTime: instant('candle_time').notNull(),
    attempt: integer().notNull(),
    orderRef: text('order_ref').notNull().unique(),
    orderId: whole('order_id').unique(),
    parent: text().references((): AnyPgColumn => intents.id),
    ocaGroup: text('oca_group').notNull(),
    side: text({ enum: ['buy', 'sell'] }).notNull(),
    quantity: doublePrecision().notNull(),
    type: text({ enum: ['market', 'stop'] }).notNull(),
    stopPrice: doublePrecision('stop_price'),
    reason: text().notNull(),
    state: text({
      enum: [
        'denied',
        'reserved',
        'sending',
        'working',
        'partial',
        'held',
        'cancelling',
        'unresolved',
        'filled',
        'rejected',
        'cancelled',
        'expired',
      ],
    }).notNull(),
    code: text(),
    detail: text(),
    epoch: whole('epoch').notNull(),
    build: text().notNull(),
    barHash: text('bar_hash').notNull(),
    risk: text().notNull(),
    permId: whole('perm_id'),
    filled: doublePrecision().notNull().default(0),
    averagePrice: doublePrecision('average_price'),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at'),
    sentAt: instant('sent_at'),
    endedAt: instant('ended_at'),
    sends: integer().notNull().default(0),
    sentInSession: integer('sent_in_session'),
    absentSince: instant('absent_since'),
  },
  (intent) => [
    /** What was denied has ordered nothing, so it stands in nobody's way. */
    uniqueIndex('intents_of_candle')
      .on(intent.symbol, intent.candleTime, intent.purpose, intent.attempt)
      .where(sql`state <> 'denied'`),
    uniqueIndex('intents_open_entry').on(intent.symbol).where(sql`purpose = 'entry' and ${IS_OPEN_INTENT}`),
    index('intents_open').on(intent.ordinal).where(IS_OPEN_INTENT),
    index('intents_created_at').on(intent.createdAt),
  ],
)

/** Only ever inserted. */
export const orderEvents = pgTable(
  'order_events',
  {
    id: identity().primaryKey(),
    intent: text().references(() => intents.id),
    orderId: whole('order_id'),
    at: instant().notNull(),
    kind: text().notNull(),
    detail: text().notNull(),
  },
  (event) => [index('order_events_of_intent').on(event.intent, event.id)],
)

/** Only the commission of a row ever changes: a correction is a row of its own, with a higher revision. */
export const executions = pgTable(
  'executions',
  {
    root: text().notNull(),
    revision: integer().notNull(),
    ordinal: identity().unique(),
    intent: text().references(() => intents.id),
    isSynthetic: boolean('is_synthetic').notNull(),
    account: text().notNull(),
    symbol: text().notNull(),
    orderId: whole('order_id').notNull(),
    clientId: whole('client_id').notNull(),
    permId: whole('perm_id').notNull(),
    orderRef: text('order_ref').notNull(),
    side: text({ enum: ['buy', 'sell'] }).notNull(),
    quantity: doublePrecision().notNull(),
    price: doublePrecision().notNull(),
    time: instant().notNull(),
    commission: doublePrecision(),
    realizedPnl: doublePrecision('realized_pnl'),
    bookedAt: instant('booked_at').notNull(),
  },
  (execution) => [
    primaryKey({ columns: [execution.root, execution.revision] }),
    index('executions_of_symbol').on(execution.symbol, execution.time),
    index('executions_time').on(execution.time),
    index('executions_of_intent').on(execution.intent),
  ],
)

/** Only ever inserted. `open` to `tradeCount` are the candle as it was decided on. */
export const decisions = pgTable(
  'decisions',
  {
    symbol: text().notNull(),
    time: instant('candle_time').notNull(),
    decidedAt: instant('decided_at').notNull(),
    open: doublePrecision().notNull(),
    high: doublePrecision().notNull(),
    low: doublePrecision().notNull(),
    close: doublePrecision().notNull(),
    volume: doublePrecision().notNull(),
    vwap: doublePrecision(),
    tradeCount: doublePrecision('trade_count'),
    barHash: text('bar_hash').notNull(),
    position: text({ enum: ['flat', 'long'] }).notNull(),
    breakout: json().$type<Level>(),
    swingLow: json('swing_low').$type<Level>(),
    movingAverage: doublePrecision('moving_average'),
    stop: doublePrecision(),
    conditions: json().$type<Condition[]>().notNull(),
    action: text({ enum: ['enter', 'exit', 'none'] }).notNull(),
    reason: text().notNull(),
    outcome: text({ enum: ['none', 'ordered', 'denied', 'missed', 'warmup'] }).notNull(),
    hindrance: text(),
    intent: text().references(() => intents.id),
    madeAt: instant('made_at').notNull(),
    trader: whole('trader').notNull(),
  },
  (decision) => [primaryKey({ columns: [decision.symbol, decision.time] })],
)

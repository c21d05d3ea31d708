import { z } from 'zod'
import { count, exchangeDate, id, known, price, symbol, utcInstant } from './fields.ts'

const reason = z.string().nullable().describe('In a sentence, where there is one.')
const money = z.number().describe("In the instrument's currency.")
const quantity = z.int().min(1).describe('Shares.')

const order = z
  .strictObject({
    orderRef: z.string().describe('Our own name of the order; the broker repeats it.'),
    orderId: z.int().describe("The broker's number of it."),
    purpose: z.enum(['entry', 'exit', 'stop']),
    symbol,
    side: z.enum(['buy', 'sell']),
    type: z.enum(['market', 'stop']),
    quantity,
    filled: count.describe('Shares filled so far.'),
    averagePrice: price.nullable().describe('Of what is filled; null before.'),
    stopPrice: price.nullable(),
    reason: z.string().describe('Why it was ordered; of a rejection or a cancellation what the broker says.'),
  })
  .meta({ id: 'OrderEventData' })

const ALERTS = [
  ...['collection.stalled', 'collection.incomplete'],
  ...['gateway.down', 'gateway.account', 'gateway.clientId', 'gateway.clockSkew', 'gateway.competing'],
  ...['trader.halted', 'trader.mismatch', 'trader.foreign', 'trader.naked', 'trader.unresolved'],
  ...['trader.database', 'trader.failed'],
] as const

const traderState = z.enum(['off', 'warming', 'active', 'reducing', 'halted'])
const gatewayState = z.string().meta({ examples: ['ready', 'linkDown', 'backoff', 'closed'] })

const alert = z
  .strictObject({
    alert: z.enum(ALERTS),
    detail: z.string().describe('In a sentence.'),
    since: utcInstant,
  })
  .meta({ id: 'AlertEventData' })

/** What each event tells, and when it is told. Every instant in it is market time. */
export const EVENTS = {
  'trade.opened': {
    told: 'A position was opened: its entry is filled.',
    data: z.strictObject({
      symbol,
      entryTime: utcInstant,
      entryPrice: price,
      quantity,
      entryReason: z.string(),
    }),
  },
  'trade.closed': {
    told: 'A position was closed: the round trip is complete.',
    data: z.strictObject({
      symbol,
      entryTime: utcInstant,
      entryPrice: price,
      entryReason: z.string(),
      exitTime: utcInstant,
      exitPrice: price,
      exitReason: z.string(),
      quantity,
      grossPnl: money,
      commission: money.nullable().describe('Null while the broker has not told every commission.'),
      netPnl: money.nullable(),
      returnPct: z.number().nullable(),
    }),
  },
  'order.submitted': { told: 'The broker has an order.', data: order },
  'order.partially_filled': { told: 'A part of an order was filled.', data: order },
  'order.filled': { told: 'All of an order was filled.', data: order },
  'order.rejected': { told: 'The broker refuses an order.', data: order },
  'order.cancelled': { told: 'An order was cancelled, by whomever.', data: order },
  'stop.moved': {
    told: 'The trailing level at which a position is closed has moved.',
    data: z.strictObject({
      symbol,
      candleTime: utcInstant.describe('The candle at whose close it moved.'),
      from: price.nullable(),
      to: price,
    }),
  },
  'trader.state': {
    told: 'The trader may do more, or less, than before.',
    data: z.strictObject({ state: traderState, before: traderState.nullable(), reason }),
  },
  'gateway.state': {
    told: 'The connection to the broker was made or lost. The steps on the way, and one failed attempt after another, are not told.',
    data: z.strictObject({ state: gatewayState, before: gatewayState.nullable(), reason }),
  },
  'backfill.finished': {
    told: 'A backfill has come to its end.',
    data: z.strictObject({
      id,
      symbol,
      from: utcInstant,
      to: utcInstant,
      state: z.enum(['done', 'failed', 'cancelled']),
      chunks: z.strictObject({ total: count, done: count, empty: count, failed: count }),
    }),
  },
  'collection.stalled': {
    told: 'A session is open and no bars come. Told once for each stall.',
    data: z.strictObject({ detail: z.string(), since: utcInstant }),
  },
  'alert.raised': {
    told: 'Something is wrong that a person should know of, other than a stall of the collection.',
    data: alert,
  },
  'alert.cleared': { told: 'What an alert told of, a stall too, is over.', data: alert },
  'parity.report': {
    told: 'A day was replayed as a backtest and compared with what the trader did.',
    data: z.strictObject({
      date: exchangeDate,
      decisions: count,
      differences: count,
      causes: z.strictObject({ data: count, timing: count, fill: count, state: count }),
    }),
  },
  'day.summary': {
    told: 'A session has closed: what came of it.',
    data: z.strictObject({
      date: exchangeDate,
      symbol,
      trades: count,
      wins: count,
      grossPnl: money,
      commissions: money,
      netPnl: money,
      position: z.int().describe('Shares held at the close.'),
      decisions: count,
      orders: count,
      rejected: count,
      coverage: z.number().min(0).max(1).describe("Of the session's seconds."),
      reconciled: z
        .boolean()
        .nullable()
        .describe("Whether the broker's books were found equal after the close; null: nothing is traded."),
    }),
  },
} as const

type Type = keyof typeof EVENTS

export const EVENT_TYPES = Object.keys(EVENTS) as [Type, ...Type[]]

export const eventType = known(EVENT_TYPES).meta({ id: 'EventType' })

const bodyOf = (type: Type) =>
  z
    .strictObject({
      id: z
        .string()
        .meta({ examples: ['evt_0b3e4c1a5f0e4a529f0c6f3f5f1f8a11'] })
        .describe('The same however often it is told.'),
      type: z.literal(type),
      time: utcInstant.describe('When it happened, in market time.'),
      sequence: z
        .int()
        .min(1)
        .describe('Rises by one from event to event; whoever has seen one has seen all below it.'),
      data: EVENTS[type].data,
    })
    .meta({ id: nameOf(type), description: EVENTS[type].told })

/** `TradeOpenedEvent` of `trade.opened`. */
const nameOf = (type: Type): string =>
  `${type.replace(/(^|[._])(\w)/g, (_, __, letter: string) => letter.toUpperCase())}Event`

/** The body of each event, as it is sent and listed. */
export const EVENT_BODIES = Object.fromEntries(EVENT_TYPES.map((type) => [type, bodyOf(type)])) as Record<
  Type,
  ReturnType<typeof bodyOf>
>

const bodies = Object.values(EVENT_BODIES) as unknown as [z.ZodObject, ...z.ZodObject[]]

/** Any of them. */
export const event = z.discriminatedUnion('type', bodies).meta({ id: 'Event' })

export const EVENT_EXAMPLE = {
  id: 'evt_0b3e4c1a5f0e4a529f0c6f3f5f1f8a11',
  type: 'trade.opened',
  time: '2013-10-07T14:35:01Z',
  sequence: 42,
  data: {
    symbol: 'SPY',
    entryTime: '2013-10-07T14:35:01Z',
    entryPrice: 168.12,
    quantity: 10,
    entryReason: 'the close crossed the breakout level',
  },
} as const

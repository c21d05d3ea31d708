import { z } from 'zod'
import { dayNumberOf } from '../../market/calendarDate.ts'
import { exchangeDate } from '../../market/session.ts'
import { type EpochMs, HOUR_MS, MINUTE_MS, parseInstant, SECOND_MS } from '../../market/time.ts'
import { newYorkInstant } from '../../market/zone.ts'
import type { Account, CompletedOrder, Execution } from '../account.ts'
import { readDocument } from '../document.ts'

/** A symbol as the simulator lists it. */
export const stockSymbol = z.string().regex(/^[A-Z]{1,5}$/, 'must be one to five capital letters')

export const accountId = z
  .string()
  .regex(/^(U|F|DU|DF|DUD)\d{5,9}$/, 'must be an account id like DU1234567 or U1234567')

const shares = z.number().positive().max(1e9)
const dollars = z.number().nonnegative().max(1e12)
const id = z
  .number()
  .int()
  .nonnegative()
  .max(2 ** 31 - 1)

/** A time of New York's day at which the market starts, or an instant. */
const time = z.union(
  [z.string().regex(/^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/), z.iso.datetime({ offset: true })],
  'must be a time like 10:15:00 or an instant like 2024-06-03T14:15:00Z',
)

const position = z.strictObject({
  symbol: stockSymbol,
  quantity: z
    .number()
    .min(-1e9)
    .max(1e9)
    .refine((value) => value !== 0, 'must not be 0'),
  averageCost: dollars,
})

const execution = z.strictObject({
  time,
  symbol: stockSymbol,
  side: z.enum(['BOT', 'SLD']),
  quantity: shares,
  price: dollars,
  exchange: z.string().default('ARCA'),
  commission: dollars.default(1),
  realizedPnl: z.number().nullable().default(null),
  clientId: id.default(0),
  orderId: id.default(0),
  permId: id.default(0),
  orderRef: z.string().default(''),
})

const completedOrder = z.strictObject({
  completedAt: time,
  symbol: stockSymbol,
  action: z.enum(['BUY', 'SELL']),
  orderType: z.enum(['MKT', 'LMT', 'STP', 'STP LMT', 'TRAIL']).default('MKT'),
  quantity: shares,
  filledQuantity: dollars.default(0),
  limitPrice: dollars.default(0),
  stopPrice: dollars.default(0),
  timeInForce: z.enum(['DAY', 'GTC', 'IOC']).default('DAY'),
  orderRef: z.string().default(''),
  permId: id.default(0),
  clientId: id.nullable().default(null),
  status: z.enum(['Filled', 'Cancelled']),
  reason: z.string().optional(),
})

const account = z.strictObject({
  id: accountId,
  cash: z.number().min(-1e12).max(1e12).default(1_000_000),
  positions: z.array(position).default([]),
  executions: z.array(execution).default([]),
  completedOrders: z.array(completedOrder).default([]),
})

/** A file of accounts: YAML or JSON. */
const ACCOUNTS_SCHEMA = z.strictObject({
  accounts: z
    .array(account)
    .min(1, 'must name an account')
    .refine((all) => new Set(all.map((each) => each.id)).size === all.length, 'names an account twice'),
})

/** Reads a file of accounts; times of day are those of the day at `start`. Rejects with `invalid`: file, line, reason. */
export async function readAccounts(file: string, start: EpochMs): Promise<readonly Account[]> {
  const { accounts } = await readDocument(file, ACCOUNTS_SCHEMA)
  let executions = 0
  return accounts.map((described) => ({
    ...described,
    executions: described.executions.map((each) => executionOf(each, start, ++executions)),
    completedOrders: described.completedOrders.map((each) => orderOf(each, start)),
  }))
}

const executionOf = (described: z.output<typeof execution>, start: EpochMs, number: number): Execution => ({
  ...described,
  time: instantOf(described.time, start),
  id: `0000e0d5.${number.toString(16).padStart(8, '0')}.01.01`,
})

function orderOf(described: z.output<typeof completedOrder>, start: EpochMs): CompletedOrder {
  const { status, filledQuantity } = described
  const usual = status === 'Filled' ? `Filled Size: ${filledQuantity}` : 'Cancelled by Trader'
  const completedAt = instantOf(described.completedAt, start)
  return { ...described, completedAt, reason: described.reason ?? usual }
}

function instantOf(text: string, start: EpochMs): EpochMs {
  if (text.includes('T')) return parseInstant(text)
  const [hours, minutes, seconds] = text.split(':').map(Number) as [number, number, number]
  const timeOfDayMs = hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS
  return newYorkInstant(dayNumberOf(exchangeDate(start)), timeOfDayMs)
}

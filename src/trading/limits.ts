import type { Session } from '../market/session.ts'
import type { EpochMs } from '../market/time.ts'
import type { IntentPurpose } from '../ports/intents.ts'
import type { TraderLevel, TradingLimits } from '../ports/traders.ts'

/** Everything that an order is judged by, as of the moment of its transaction. */
export interface OrderFacts {
  readonly purpose: IntentPurpose
  readonly quantity: number
  /** Market time. */
  readonly now: EpochMs
  readonly level: TraderLevel
  readonly isFlattening: boolean
  /** Why nothing may be sent that adds risk, whatever the level says. */
  readonly latch: string | null
  readonly isLeaseHeld: boolean
  /** Shares held, as booked executions say, and those that orders under way may still buy and sell. */
  readonly position: number
  readonly buying: number
  readonly selling: number
  /** Open entries and exits, and open stops. */
  readonly openOrders: number
  readonly openStops: number
  /** Sent within the last minute and since midnight at the exchange; stops are not counted. */
  readonly sent: Readonly<Record<'orders' | 'entries', { readonly minute: number; readonly day: number }>>
  /** Within half an hour, and since a person last set the level. */
  readonly rejects: number
  readonly roundTrips: number
  readonly lossPct: number | null
  /** The newest price, and when it was the market's. */
  readonly price: { readonly at: EpochMs; readonly price: number } | null
  readonly decisionClose: number
  /** From when the decision could be acted on. */
  readonly dueAt: EpochMs
  /** When the broker's books were last equal to ours. */
  readonly reconciledAt: EpochMs | null
  /** How they differ, what is in them that is not ours, and why this account is not traded. */
  readonly mismatch: string | null
  readonly foreign: string | null
  readonly account: string | null
  /** Why the gateway takes no orders. */
  readonly gateway: string | null
  readonly clockSkewMs: number | null
  readonly session: Session | null
  readonly availableFunds: number | null
}

/** A machine's word for a denial, and a person's sentence. */
export interface Refusal {
  readonly code: string
  readonly detail: string
}

interface LimitRule {
  readonly code: string
  readonly of: readonly IntentPurpose[]
  /** What it says may be otherwise in a moment: within the life of a decision it is asked again. */
  readonly passes?: boolean
  readonly says: (facts: OrderFacts, limits: TradingLimits) => string | null
}

const ENTRY = ['entry'] as const
const CLOSING = ['exit', 'stop'] as const
const ALL = ['entry', 'exit', 'stop'] as const

const when = (isSo: boolean, detail: string): string | null => (isSo ? detail : null)

const over = (name: string, value: number, most: number): string | null =>
  when(value > most, `${name}: ${figure(value)} of at most ${figure(most)}`)

const figure = (value: number): string => String(Math.round(value * 100) / 100)

const priceOf = ({ price, decisionClose }: OrderFacts): number => Math.max(price?.price ?? 0, decisionClose)
const notional = (facts: OrderFacts): number => facts.quantity * priceOf(facts)
const worstLong = ({ position, buying, quantity }: OrderFacts): number => position + buying + quantity

/** The pre-trade limits (reliability, 5.7), in the order in which they are told. */
const RULES: readonly LimitRule[] = [
  { code: 'level', of: ENTRY, says: ({ level }) => when(level !== 'active', `the trader is ${level}`) },
  {
    code: 'level',
    of: ['exit'],
    says: ({ level, isFlattening }) =>
      when(level !== 'active' && level !== 'reducing' && !isFlattening, `the trader is ${level}`),
  },
  { code: 'level', of: ENTRY, says: ({ latch }) => latch },
  { code: 'epoch', of: ALL, says: ({ isLeaseHeld }) => when(!isLeaseHeld, 'the lease cannot be relied on') },
  { code: 'account', of: ALL, says: ({ account }) => account },
  {
    code: 'unresolved',
    of: ['entry', 'exit'],
    says: ({ openOrders }) => when(openOrders > 0, 'an earlier order has not ended'),
  },
  {
    code: 'reduces',
    of: CLOSING,
    says: ({ quantity, position, selling, purpose }) =>
      when(
        quantity > (purpose === 'exit' ? position - selling : position),
        `${quantity} shares are more than the ${position} held`,
      ),
  },
  { code: 'mismatch', of: ['entry', 'exit'], says: ({ mismatch }) => mismatch },
  { code: 'foreign', of: ENTRY, says: ({ foreign }) => foreign },
  {
    code: 'position',
    of: ENTRY,
    says: ({ position }) => when(position !== 0, `${position} shares are held already`),
  },
  {
    code: 'stop',
    of: ENTRY,
    passes: true,
    says: ({ openStops }) => when(openStops > 0, 'the stop of an earlier position is not gone yet'),
  },
  {
    code: 'rejectsBeforeReducing',
    of: ENTRY,
    says: ({ rejects }, { rejectsBeforeReducing: most }) =>
      when(rejects >= most, `${rejects} orders were rejected within half an hour`),
  },
  {
    code: 'roundTripsBeforeReducing',
    of: ENTRY,
    says: ({ roundTrips }, { roundTripsBeforeReducing: most }) =>
      when(roundTrips >= most, `${roundTrips} round trips within half an hour`),
  },
  {
    code: 'maxDailyLossPct',
    of: ENTRY,
    says: ({ lossPct }, { maxDailyLossPct: most }) =>
      when(lossPct !== null && lossPct >= most, `${figure(lossPct!)} % of the day's first equity is lost`),
  },
  { code: 'gateway', of: ENTRY, passes: true, says: ({ gateway }) => gateway },
  {
    code: 'maxReconcileAgeMs',
    of: ENTRY,
    passes: true,
    says: ({ reconciledAt, now }, { maxReconcileAgeMs: most }) =>
      reconciledAt === null
        ? "the broker's books have not been compared yet"
        : over("milliseconds since the broker's books were equal", now - reconciledAt, most),
  },
  {
    code: 'maxClockSkewMs',
    of: ENTRY,
    says: ({ clockSkewMs }, { maxClockSkewMs: most }) =>
      over('milliseconds between the clocks', Math.abs(clockSkewMs ?? 0), most),
  },
  { code: 'session', of: ENTRY, says: ({ session }) => when(session === null, 'the market is closed') },
  {
    code: 'afterOpenMs',
    of: ENTRY,
    says: ({ session, now }, { afterOpenMs: least }) =>
      when(session !== null && now - session.from < least, 'the market has only just opened'),
  },
  {
    code: 'beforeCloseMs',
    of: ENTRY,
    says: ({ session, now }, { beforeCloseMs: least }) =>
      when(session !== null && least > 0 && session.to - now <= least, 'the market is about to close'),
  },
  {
    code: 'maxDecisionAgeMs',
    of: ENTRY,
    says: ({ now, dueAt }, { maxDecisionAgeMs: most }) =>
      over('milliseconds since the candle closed', now - dueAt, most),
  },
  {
    code: 'maxBarAgeMs',
    of: ENTRY,
    passes: true,
    says: ({ price, now }, { maxBarAgeMs: most }) =>
      price === null
        ? 'no price is known'
        : over('milliseconds since the newest price', now - price.at, most),
  },
  {
    code: 'maxPriceDistancePct',
    of: ENTRY,
    says: ({ price, decisionClose }, { maxPriceDistancePct: most }) =>
      price &&
      over(
        'per cent from the price decided on',
        (100 * Math.abs(price.price - decisionClose)) / price.price,
        most,
      ),
  },
  {
    code: 'maxPosition',
    of: ENTRY,
    says: (facts, { maxPosition: most }) => over('shares', worstLong(facts), most),
  },
  {
    code: 'maxOrderNotional',
    of: ENTRY,
    says: (facts, { maxOrderNotional: most }) => over('value of the order', notional(facts), most),
  },
  {
    code: 'maxGrossNotional',
    of: ENTRY,
    says: (facts, { maxGrossNotional: most }) =>
      over('value of everything held and ordered', worstLong(facts) * priceOf(facts), most),
  },
  {
    code: 'ordersPerMinute',
    of: ENTRY,
    says: ({ sent }, { ordersPerMinute: most }) =>
      over('orders within a minute', sent.orders.minute + 1, most),
  },
  {
    code: 'ordersPerDay',
    of: ENTRY,
    says: ({ sent }, { ordersPerDay: most }) => over('orders today', sent.orders.day + 1, most),
  },
  {
    code: 'entriesPerMinute',
    of: ENTRY,
    says: ({ sent }, { entriesPerMinute: most }) =>
      over('entries within a minute', sent.entries.minute + 1, most),
  },
  {
    code: 'entriesPerDay',
    of: ENTRY,
    says: ({ sent }, { entriesPerDay: most }) => over('entries today', sent.entries.day + 1, most),
  },
  {
    code: 'fundsFactor',
    of: ENTRY,
    says: (facts, { fundsFactor }) => {
      const needed = fundsFactor * notional(facts)
      const { availableFunds: funds } = facts
      if (funds === null) return 'the available funds are not known'
      return when(funds < needed, `available funds of ${figure(funds)} are less than ${figure(needed)}`)
    },
  },
]

/** The first limit that an order breaks, or null: then it may be made. */
export function refusalOf(facts: OrderFacts, limits: TradingLimits): Refusal | null {
  for (const { code, of, says } of RULES) {
    const detail = of.includes(facts.purpose) ? says(facts, limits) : null
    if (detail !== null) return { code, detail }
  }
  return null
}

/** Whether what a limit says may be otherwise in a moment. */
export const mayPass = ({ code }: Refusal): boolean =>
  RULES.some((rule) => rule.code === code && rule.passes === true)

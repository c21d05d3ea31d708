import { rangeOf } from '../execution/tape.ts'
import { tradableFrom } from '../market/candleClose.ts'
import { amount } from '../market/money.ts'
import { bucketAt } from '../market/resample.ts'
import { lowerBound } from '../market/series.ts'
import { type EpochMs, floorTo, plus, SECOND_MS } from '../market/time.ts'
import type { Intent } from '../ports/intents.ts'
import type { ParityCause, ParityDifference, ParityFill } from '../ports/trading.ts'
import type { LivedDay, ModelledFill } from './dayReplay.ts'
import { gridOf } from './settings.ts'

/** An order of ours that was filled, in one piece. */
interface LiveFill extends ModelledFill {
  readonly intent: Intent
  /** Of its last execution. */
  readonly until: EpochMs
}

/** Why a decision came out otherwise; undefined where it did not. */
export type CauseOf = (candleTime: EpochMs) => ParityCause | null | undefined

export interface ComparedFills {
  readonly fills: ParityFill[]
  readonly differences: ParityDifference[]
}

/** The fills of a day's decisions side by side, each difference with its cause. */
export function compareFills(
  day: LivedDay,
  modelled: readonly ModelledFill[],
  causeOf: CauseOf,
): ComparedFills {
  const live = liveFills(day).filter((fill) => isOfDay(day, fill))
  const replayed = modelled.filter((fill) => isOfDay(day, fill))
  const pairs = paired(live, replayed).sort((a, b) => timeOf(a) - timeOf(b))
  return {
    fills: pairs.map(shown),
    differences: pairs.flatMap((pair) => difference(day, pair, causeOf) ?? []),
  }
}

interface Pair {
  readonly live: LiveFill | null
  readonly replay: ModelledFill | null
}

const timeOf = ({ live, replay }: Pair): number => (live ?? replay)!.candleTime

/** By what they are of; several stops of one day in their order. */
function paired(live: readonly LiveFill[], replayed: readonly ModelledFill[]): Pair[] {
  const left = [...replayed]
  const pairs: Pair[] = live.map((fill) => {
    const k = left.findIndex(
      ({ purpose, candleTime }) =>
        purpose === fill.purpose && (purpose === 'stop' || candleTime === fill.candleTime),
    )
    return { live: fill, replay: k < 0 ? null : left.splice(k, 1)[0]! }
  })
  return [...pairs, ...left.map((replay) => ({ live: null, replay }))]
}

/** What was decided at the session's last close is filled at the next open: it belongs to the next day. */
function isOfDay({ settings, session }: LivedDay, { purpose, candleTime }: ModelledFill): boolean {
  if (candleTime < session.from || candleTime >= session.to) return false
  return purpose === 'stop' || tradableFrom(gridOf(settings), candleTime) < session.to
}

function liveFills({ settings, executions, intents }: LivedDay): LiveFill[] {
  return intents.flatMap((intent) => {
    const own = executions.filter((each) => each.intent === intent.id && each.quantity > 0)
    if (own.length === 0) return []
    const quantity = own.reduce((sum, each) => sum + each.quantity, 0)
    const value = own.reduce((sum, each) => sum + each.quantity * each.price, 0)
    const [time, until] = [own[0]!.time, own.at(-1)!.time]
    const touched = bucketAt(gridOf(settings), time)?.time ?? time
    const candleTime = intent.purpose === 'stop' ? touched : intent.candleTime
    return [{ intent, until, purpose: intent.purpose, candleTime, time, price: value / quantity, quantity }]
  })
}

const shown = ({ live, replay }: Pair): ParityFill => {
  const { candleTime, purpose, quantity } = (live ?? replay)!
  return { time: candleTime, purpose, quantity, live: told(live), replay: told(replay) }
}

const told = (fill: ModelledFill | null): ParityFill['live'] =>
  fill && { time: fill.time, price: amount(fill.price) }

function difference(day: LivedDay, pair: Pair, causeOf: CauseOf): ParityDifference | null {
  const { live, replay } = pair
  if (live === null) return unmatched(day, replay!, causeOf)
  const of = { kind: 'fill', time: live.candleTime } as const
  if (replay === null)
    return { ...of, cause: causeOf(live.candleTime) ?? 'fill', detail: `${live.purpose} filled live alone` }
  const seconds = (floorTo(live.time, SECOND_MS) - replay.time) / SECOND_MS
  const more = live.price - replay.price
  if (seconds === 0 && more === 0 && live.quantity === replay.quantity) return null
  const what = `${live.purpose} filled ${apart(seconds)}, ${priced(more)}`
  if (live.quantity !== replay.quantity)
    return {
      ...of,
      cause: causeOf(live.candleTime) ?? 'fill',
      detail: `${what}: ${live.quantity} shares, not ${replay.quantity}`,
    }
  const explanation = explained(day, live, seconds)
  return {
    ...of,
    cause: explanation?.cause ?? null,
    detail: explanation ? `${what}: ${explanation.why}` : what,
  }
}

const apart = (seconds: number): string =>
  seconds === 0
    ? 'in the same second'
    : `${Math.abs(seconds)} s ${seconds > 0 ? 'after' : 'before'} the replay`

const priced = (more: number): string =>
  more === 0 ? 'at the same price' : `${Math.abs(more).toFixed(4)} ${more > 0 ? 'higher' : 'lower'}`

/** Only the replay traded. */
function unmatched({ decisions, intents }: LivedDay, fill: ModelledFill, causeOf: CauseOf): ParityDifference {
  const of = { kind: 'fill', time: fill.candleTime } as const
  const decision = decisions.get(fill.candleTime)
  const intent = intents.find((each) => each.id === decision?.intent)
  const hindrance = decision?.hindrance ?? ''
  const say = (cause: ParityCause | null, why: string) => ({
    ...of,
    cause,
    detail: `${fill.purpose} only in the replay: ${why}`,
  })
  if (fill.purpose === 'stop')
    return say(causeOf(fill.candleTime) ?? 'fill', 'the stop at the broker was not touched')
  const cause = causeOf(fill.candleTime)
  if (cause !== undefined) return say(cause, 'it was decided otherwise')
  switch (decision?.outcome) {
    case 'missed':
      return say('timing', hindrance)
    case 'denied':
      return say('state', hindrance)
    case 'ordered':
      return say(intent?.state === 'expired' ? 'timing' : 'fill', `the order was ${intent?.state}`)
    default:
      return say('state', decision === undefined ? 'no trader ran' : `it was ${decision.outcome}`)
  }
}

/** A market order pays the spread: so much may lie between a second's prices and a fill. */
const SPREAD_TICKS = 5
interface Explanation {
  readonly cause: ParityCause
  readonly why: string
}

/** What put another time or price on a fill; null where the market had no such price just then. */
function explained(day: LivedDay, live: LiveFill, seconds: number): Explanation | null {
  if (!wasMarketPrice(day, live)) return null
  if (live.purpose === 'stop') return { cause: 'fill', why: 'the stop at the broker was filled so' }
  const { sentAt } = live.intent
  const closed = tradableFrom(gridOf(day.settings), live.candleTime)
  const lateS = sentAt === null ? 0 : (sentAt - closed) / SECOND_MS
  const waitedS = sentAt === null ? 0 : (live.time - floorTo(sentAt, SECOND_MS)) / SECOND_MS
  if (waitedS < 0) return null
  if (seconds === 0) return { cause: 'fill', why: 'the spread' }
  const why = `it was sent ${lateS.toFixed(1)} s after it could be, and filled ${waitedS} s after that`
  return { cause: lateS >= waitedS ? 'timing' : 'fill', why }
}

/** Whether the seconds around a fill traded at its price, give or take the spread. */
function wasMarketPrice({ seconds, instrument }: LivedDay, { time, until, price }: LiveFill): boolean {
  if (seconds.length === 0) return true
  const first = Math.max(0, lowerBound(seconds, floorTo(time, SECOND_MS)) - 1)
  const end = Math.min(seconds.length, lowerBound(seconds, plus(until, 2 * SECOND_MS)) + 1)
  const { low, high } = rangeOf(seconds, first, end)
  const spread = SPREAD_TICKS * instrument.minTick
  return price >= low - spread && price <= high + spread
}

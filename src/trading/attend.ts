import { previousSession, sessionAt } from '../market/session.ts'
import { MINUTE_MS, plus, SECOND_MS } from '../market/time.ts'
import type { Intent } from '../ports/intents.ts'
import { ABSENCE_MS, type Verdict, verdictOn } from './absence.ts'
import { conclude } from './decisions.ts'
import { perform } from './deeds.ts'
import { type Duty, dutiesOf, keyOf, type Situation } from './duties.ts'
import { troubleOf } from './facts.ts'
import { lowerLevel } from './levels.ts'
import { askBooks } from './onBooks.ts'
import { isReachable, type Parts } from './parts.ts'
import { protectionOf } from './protection.ts'
import { rebuild } from './warming.ts'

/** No answer for so long, and the link is suspect (reliability, 5.3). Machine time, as all that waits for the broker. */
const ANSWER_MS = 8_000
/** Trying the same thing again. */
const AGAIN_MS = 5_000
const SOON_MS = 1_000
/** The broker's books are read so often while the market is open, in market time, and so often while it is not. */
const IN_SESSION_MS = 40 * SECOND_MS
const BETWEEN_SESSIONS_MS = 15 * MINUTE_MS
/** Orders of one group take one another back: so long they are left to it. */
const GRACE_MS = 2_000
/** More in one go would be a loop. */
const MOST_ROUNDS = 8

/** When each thing was last tried, in machine time. */
export class Tries {
  readonly #last = new Map<string, number>()
  /** Since when each was due that may settle itself. */
  #since = new Map<string, number>()

  /** Those whose turn it is. */
  due(duties: readonly Duty[], now: number): Duty[] {
    this.#since = new Map(duties.map((duty) => [keyOf(duty), this.#since.get(keyOf(duty)) ?? now]))
    return duties.filter((duty) => this.#isDue(duty, now))
  }

  note(duty: Duty, now: number): void {
    this.#last.set(keyOf(duty), now)
  }

  #isDue(duty: Duty, now: number): boolean {
    const last = this.#last.get(keyOf(duty)) ?? Number.NEGATIVE_INFINITY
    const isPatient = duty.do === 'cancel' && duty.isSpare
    return now - last >= gapOf(duty) && (!isPatient || now - this.#since.get(keyOf(duty))! >= GRACE_MS)
  }
}

const gapOf = (duty: Duty): number => {
  if (duty.do === 'send' && duty.intents[0]!.state === 'reserved') return SOON_MS
  return duty.do === 'protect' || duty.do === 'close' ? SOON_MS : AGAIN_MS
}

/** Whether nothing can become necessary by the passing of time alone: what rests is as it should be. */
export const isQuiet = ({ ledger, view, made, deps, isPuzzled }: Parts): boolean =>
  made.length === 0 &&
  !isPuzzled &&
  deps.latch.reason === null &&
  !ledger.trader.isFlattening &&
  !ledger.trader.isPanicking &&
  ledger.open.every((intent) => isAtRest(intent) && view.absence(intent) === null)

const isAtRest = ({ purpose, state }: Intent): boolean => purpose === 'stop' && state === 'working'

/** TWS says once that it takes no orders from programs, and never that it takes them again: a new session tells. */
const READ_ONLY_MS = 5 * MINUTE_MS

function tryAnotherSession(parts: Parts): void {
  const { deps, view } = parts
  const now = deps.machine.now()
  if (deps.broker.session === null || deps.broker.suspension === null) view.suspendedSince = null
  else view.suspendedSince ??= now
  if (view.suspendedSince === null || now - view.suspendedSince < READ_ONLY_MS) return
  view.suspendedSince = null
  deps.broker.recycle(`to see whether it still holds: ${deps.broker.suspension?.reason}`)
}

/** The broker's books are asked for when it is time. */
export const readBooks = (parts: Parts): void => {
  tryAnotherSession(parts)
  if (areBooksDue(parts)) askBooks(parts)
}

/** Does everything that must be done now. What was done may make more necessary. True when nothing was to be done. */
export async function attend(parts: Parts, tries: Tries): Promise<boolean> {
  let isIdle = true
  await settleLevel(parts)
  await syncDecider(parts)
  await conclude(parts)
  await freshenPrice(parts)
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const now = parts.deps.machine.now()
    const duties = dutiesOf(situationOf(parts))
    isIdle &&= duties.length === 0
    const due = tries.due(duties, now)
    if (due.length === 0) break
    for (const duty of due) {
      tries.note(duty, now)
      await perform(parts, duty)
    }
  }
  await syncDecider(parts)
  readBooks(parts)
  return isIdle
}

/** Before the next candle is decided on: what has been booked and ordered by then is known to that decision. */
export async function catchUp(parts: Parts): Promise<void> {
  await syncDecider(parts)
  await conclude(parts)
}

/** The engine knows what is held from booked executions alone, and what is on its way from intents that have not ended. */
async function syncDecider(parts: Parts): Promise<void> {
  const { decider, ledger } = parts
  if (!parts.isWarm) return
  if (!decider.follow(ledger.bookings.all)) await rebuild(parts)
  const isUnderWay = parts.made.length > 0 || ledger.open.some(({ purpose }) => purpose !== 'stop')
  if (decider.pending !== null && !isUnderWay) decider.drop()
}

/** What the program itself lowers the level for. */
async function settleLevel(parts: Parts): Promise<void> {
  const { deps, ledger } = parts
  const { trader } = ledger
  const now = deps.market.now()
  if (deps.latch.reason !== null && trader.level !== 'halted' && trader.level !== 'off') {
    const change = { level: 'halted', reason: deps.latch.reason, cause: 'person' } as const
    ledger.trader = await lowerLevel(deps.stores, change, now)
  }
  if (trader.level !== 'active') return
  const { rejectsBeforeReducing, roundTripsBeforeReducing } = trader.settings.limits
  const { rejects, roundTrips } = troubleOf(ledger, trader, now)
  const reason =
    rejects >= rejectsBeforeReducing
      ? `${rejects} orders were rejected within half an hour`
      : roundTrips >= roundTripsBeforeReducing
        ? `${roundTrips} round trips within half an hour`
        : null
  if (reason !== null)
    ledger.trader = await lowerLevel(deps.stores, { level: 'reducing', reason, cause: 'limit' }, now)
}

/** An entry whose fate is unknown is sent again only at a price that holds. */
async function freshenPrice(parts: Parts): Promise<void> {
  const isAsked = parts.ledger.open.some(
    ({ purpose, state }) => purpose === 'entry' && state === 'unresolved',
  )
  if (isAsked) parts.price = await parts.deps.latestSecond(parts.instrument)
}

function situationOf(parts: Parts): Situation {
  const { deps, ledger, view, instrument } = parts
  const { trader, open, holding, intents } = ledger
  const now = deps.market.now()
  const pct = trader.settings.strategy.protectiveStopPct!
  const rules = { pct, minTick: instrument.minTick }
  const session = deps.broker.session
  const isUsable = session !== null && view.session === session.number && accountIsFine(parts)
  return {
    ...{ now, trader, open, latch: deps.latch.reason, position: holding.quantity },
    session: isUsable ? { number: session.number, nextOrderId: session.nextOrderId } : null,
    isDoubtful: view.isDoubtful,
    isOpen: () => sessionAt(now, 'rth') !== null,
    protection: protectionOf(holding, intents, rules, ({ id }) => view.stops.get(id) ?? null),
    verdict: (intent) => verdict(parts, intent),
    isUnanswered: (intent) => isUnanswered(parts, intent),
    halves: view.halves,
    failedExits: () =>
      intents.filter(
        ({ purpose, state, createdAt }) =>
          purpose === 'exit' && (state === 'rejected' || state === 'cancelled') && createdAt >= trader.since,
      ).length,
  }
}

const accountIsFine = ({ accountRefusal, ledger }: Parts): boolean =>
  accountRefusal === null && ledger.trader.account !== null

function isUnanswered({ deps, view }: Parts, { id, state }: Intent): boolean {
  const sentAt = view.sentAt.get(id)
  return state === 'sending' && sentAt !== undefined && deps.machine.now() - sentAt >= ANSWER_MS
}

function verdict(parts: Parts, intent: Intent): Verdict | null {
  const { view, ledger, deps } = parts
  const absence = view.absence(intent)
  // What is on its way is not absent before the books were asked for after it.
  if (absence === null || (view.sentAt.get(intent.id) ?? 0) > absence.lastSeen) return null
  const { trader } = ledger
  const session = sessionAt(intent.createdAt, trader.settings.session)
  const isOver = session === null || deps.market.now() >= session.to
  const isConfirmed =
    trader.cause === 'person' && trader.level === 'active' && trader.since > intent.createdAt
  return verdictOn(intent, {
    absence,
    absenceMs: deps.absenceMs ?? ABSENCE_MS,
    isWanted: isWanted(parts, intent),
    isEqual: view.mismatch === null,
    isSettled: isOver || isConfirmed,
  })
}

function isWanted({ deps, ledger, price }: Parts, intent: Intent): boolean {
  const { position, needed } = { position: ledger.holding.quantity, needed: intent.quantity - intent.filled }
  if (intent.purpose !== 'entry') return position > 0 && position >= needed
  const { limits } = ledger.trader.settings
  const now = deps.market.now()
  const paid = price?.close ?? Number.NaN
  const decided = (JSON.parse(intent.risk) as { decisionClose: number }).decisionClose
  const distance = (100 * Math.abs(paid - decided)) / paid
  return now <= intent.expiresAt! && distance <= limits.maxPriceDistancePct
}

/** How often the broker's books are read: seldom, and at once when something is in doubt. */
function areBooksDue(parts: Parts): boolean {
  const { deps, view, ledger, isPuzzled } = parts
  if (parts.isAsking || view.session === null || !isReachable(parts)) return false
  const age = view.askedAt === null ? Number.POSITIVE_INFINITY : deps.machine.now() - view.askedAt
  if (age < SOON_MS) return false
  if (isPuzzled || view.askedAt === null) return true
  if (!view.isReconciled) return age >= 2 * SECOND_MS
  const isDoubtful = ledger.open.some((intent) => intent.state === 'unresolved' || view.absence(intent))
  if (isDoubtful && age >= AGAIN_MS) return true
  const passed = deps.market.now() - view.reconciledAt!
  return passed >= BETWEEN_SESSIONS_MS || isDayOver(parts) || (passed >= IN_SESSION_MS && isDay(parts))
}

/** A day starts with the books of the minute before it. */
function isDay({ deps, ledger }: Parts): boolean {
  const now = deps.market.now()
  const kind = ledger.trader.settings.session
  return [now, plus(now, MINUTE_MS)].some((at) => sessionAt(at, kind) !== null)
}

/** And it ends with those that are read after it: they must be equal before it is told as closed. */
const isDayOver = ({ deps, ledger, view }: Parts): boolean =>
  previousSession(deps.market.now(), ledger.trader.settings.session).to > view.reconciledAt!

import { type EpochMs, plus } from '../market/time.ts'
import type { DecisionOutcome } from '../ports/decisions.ts'
import type { Intent } from '../ports/intents.ts'
import type { Made } from './decider.ts'
import { intend, type Wish } from './intend.ts'
import type { Ledger } from './ledger.ts'
import { ABSENT, isEnd } from './orderState.ts'
import { nextOrderId, type Parts, sendDeps, worldOf } from './parts.ts'
import { send } from './send.ts'

/** Acts on the decisions that were made, oldest first, each journalled exactly once: when it is known what became of it. */
export async function conclude(parts: Parts): Promise<void> {
  for (let made = parts.made[0]; made !== undefined; made = parts.made[0]) {
    if (!(await concludeOne(parts, made))) return
    parts.made.shift()
  }
}

/** False while it has to wait: for the session to open, or for what may pass. */
async function concludeOne(parts: Parts, made: Made): Promise<boolean> {
  const { deps, ledger } = parts
  const now = deps.market.now()
  // After a commit of which no answer came it is there already.
  const journalled = await deps.stores.decisions.find(ledger.symbol, made.candle.time)
  if (journalled !== null || ledger.trader.level === 'off') return dropped(parts, journalled?.outcome)
  if (made.order === null) return journal(parts, made, made.isWarm ? 'none' : 'warmup', null)
  const until = plus(made.dueAt, ledger.trader.settings.limits.maxDecisionAgeMs)
  const isLast = parts.made.length === 1
  if (now < made.dueAt && isLast) return false
  if (now > until || !isLast)
    return dropped(parts, 'missed', () => journal(parts, made, 'missed', lateBy(parts, made, now)))
  return order(parts, made, now < until)
}

/** With what it waited for, where it waited. */
function lateBy({ waits }: Parts, { dueAt, candle }: Made, now: EpochMs): string {
  const late = `it came ${Math.round((now - dueAt) / 1_000)} s after it could have been acted on`
  if (waits === null || waits.candle !== candle.time) return late
  return `${late}; it waited: ${waits.refusal.code}: ${waits.refusal.detail}`
}

async function dropped(
  { decider, ledger }: Parts,
  outcome?: DecisionOutcome,
  first: () => Promise<boolean> = async () => true,
): Promise<boolean> {
  await first()
  const isUnderWay = ledger.open.some(({ purpose }) => purpose !== 'stop')
  if (outcome !== 'ordered' && !isUnderWay) decider.drop()
  return true
}

async function journal(
  { deps, ledger }: Parts,
  { decision, events }: Made,
  outcome: DecisionOutcome,
  hindrance: string | null,
): Promise<boolean> {
  await deps.stores.transaction(async (tx) => {
    const { version: trader } = ledger.trader
    await tx.decisions.add({ ...decision, outcome, hindrance, intent: null, trader })
    await tx.events.append(events)
  })
  return true
}

async function order(parts: Parts, made: Made, mayWait: boolean): Promise<boolean> {
  const { deps, ledger, instrument } = parts
  const { side, quantity } = made.order!
  if (side === 'buy') parts.price = await deps.latestSecond(instrument)
  const now = deps.market.now()
  const wish: Wish = {
    ...{ quantity, reason: made.decision.reason, candle: made.candle, dueAt: made.dueAt },
    ...{ decision: made.decision, events: made.events, mayWait, stopPrice: null },
    ...(side === 'buy' ? { purpose: 'entry', ocaGroup: null, parent: null } : exitOf(parts)),
  }
  const intended = await intend(intendDeps(parts), wish, worldOf(parts), nextOrderId(parts), now)
  if (intended.kind === 'waits') {
    parts.waits = { candle: made.candle.time, refusal: intended.refusal }
    return false
  }
  if (intended.kind === 'denied') {
    deps.log.info({ ...intended.refusal }, 'an order was denied')
    return dropped(parts, 'denied')
  }
  await sendNow(parts, intended.intents)
  if (ledger.open.every(({ purpose }) => purpose === 'stop')) parts.decider.drop()
  return true
}

export const exitOf = ({ ledger }: Parts): Pick<Wish, 'purpose' | 'ocaGroup' | 'parent'> => ({
  purpose: 'exit',
  ocaGroup: sellingGroup(ledger),
  parent: entryOf(ledger),
})

/**
 * All that sells a position is of one group: whichever is filled takes the others back. One that was only taken for gone,
 * or is still being cancelled, may be among them.
 */
export function sellingGroup(ledger: Pick<Ledger, 'intents' | 'holding'>): string | null {
  const entry = entryOf(ledger)
  const maySell = ({ purpose, parent, state, code }: Intent) =>
    purpose !== 'entry' && parent === entry && (!isEnd(state) || (state === 'cancelled' && code === ABSENT))
  return ledger.intents.findLast(maySell)?.ocaGroup ?? null
}

/** The order that opened what is held. */
export const entryOf = ({ holding }: Pick<Ledger, 'holding'>): string | null =>
  holding.open[0]?.intent ?? null

export const intendDeps = ({ deps, ledger, instrument }: Parts) => ({
  ...{ stores: deps.stores, ledger, instrument, random: deps.random, build: deps.build },
  epoch: deps.reign.epoch,
})

/**
 * Sends, and remembers when, to know how long an answer takes. An exit waits while the position is in doubt: its stop
 * may have sold already.
 */
export async function sendNow(parts: Parts, intents: Parameters<typeof send>[1]): Promise<void> {
  const { deps, view } = parts
  if (view.isDoubtful && intents.every(({ purpose }) => purpose === 'exit')) return
  const sending = await send(sendDeps(parts), intents)
  if (sending.kind === 'sent') for (const { id } of intents) view.sentAt.set(id, deps.machine.now())
  else deps.log.info({ orderRef: intents[0]!.orderRef, reason: sending.reason }, 'an order was not sent')
}

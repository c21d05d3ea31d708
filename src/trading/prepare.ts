import { refused } from '../errors.ts'
import type { Instrument } from '../market/instrument.ts'
import { DAY_MS, MINUTE_MS, plus, SECOND_MS } from '../market/time.ts'
import type { Intent } from '../ports/intents.ts'
import type { Stores } from '../ports/stores.ts'
import type { Trader } from '../ports/traders.ts'
import { Ledger } from './ledger.ts'
import { lowerLevel } from './levels.ts'
import type { TraderDeps } from './traderDeps.ts'

/** So many starts in so short a time are a crash loop (reliability, P8). */
const CRASHES = 5
const CRASHES_WITHIN_MS = 10 * MINUTE_MS

/** How far back intents are kept in mind: limits count a day. */
export const REMEMBERED_MS = 2 * DAY_MS

/** Start is recovery: what an earlier process left is settled as far as it can be without the broker. */
export async function prepared(
  deps: TraderDeps,
  signal: AbortSignal,
): Promise<{ readonly instrument: Instrument; readonly ledger: Ledger }> {
  const { stores, market, log } = deps
  const now = market.now()
  let trader = (await stores.traders.find()) ?? (await create(deps))
  const starts = await stores.traders.recordStart(now, plus(now, -CRASHES_WITHIN_MS))
  if (starts >= CRASHES) {
    const reason = `it was started ${starts} times within ten minutes`
    trader = await lowerLevel(stores, { level: 'halted', reason, cause: 'start' }, now)
  }
  if (trader.settings.strategy.protectiveStopPct === null)
    throw refused('a trader needs protectiveStopPct: a position without a stop is not opened')
  const instrument = await instrumentOf(deps, trader.settings.symbol, signal)
  const left = await leftOver(stores, now)
  if (left > 0) log.warn({ intents: left }, 'orders of an earlier process are settled with the broker')
  const ledger = new Ledger(trader.settings.symbol)
  await ledger.load(stores, plus(now, -REMEMBERED_MS))
  return { instrument, ledger }
}

const create = ({ stores, market, first }: TraderDeps): Promise<Trader> =>
  stores.traders.create({
    ...{ level: first.level, settings: first.settings, since: market.now() },
    ...{ isFlattening: false, isPanicking: false, reason: null, cause: 'start', account: null },
    ...{ lastOrderId: 0, warmedFrom: null, day: null },
  })

/** The gateway has to qualify it first. */
async function instrumentOf(
  { stores, machine }: TraderDeps,
  symbol: string,
  signal: AbortSignal,
): Promise<Instrument> {
  for (;;) {
    const instrument = await stores.instruments.find(symbol)
    if (instrument !== null && instrument.conId !== 0) return instrument
    await machine.sleep(SECOND_MS / 2, signal)
  }
}

/** What was never tried is proven unsent; what was, the broker alone knows of (reliability, 5.4). */
const leftOver = (stores: Stores, now: Trader['since']): Promise<number> =>
  stores.transaction(async (tx) => {
    const open = await tx.intents.open()
    for (const intent of open) await settle(tx, intent, now)
    return open.length
  })

async function settle(tx: Stores, { id, orderId, state }: Intent, now: Trader['since']): Promise<void> {
  if (state !== 'reserved' && state !== 'sending') return
  const fields =
    state === 'reserved'
      ? ({
          state: 'expired',
          code: 'restart',
          detail: 'the process ended before it was sent',
          endedAt: now,
        } as const)
      : ({ state: 'unresolved', detail: 'the process ended before it was answered' } as const)
  await tx.intents.change(id, fields)
  await tx.intents.record({
    intent: id,
    orderId,
    at: now,
    kind: fields.state,
    detail: JSON.stringify(fields),
  })
}

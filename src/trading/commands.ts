import { conflict, refused, unavailable } from '../errors.ts'
import type { Clock } from '../market/time.ts'
import type { Stores } from '../ports/stores.ts'
import type { Trader, TraderChange } from '../ports/traders.ts'
import type { TraderOrder } from '../ports/trading.ts'
import type { KillLatch } from './killLatch.ts'
import { changedSettings } from './settings.ts'
import { mustHoldNothing } from './settle.ts'
import type { AccountPolicy } from './traderDeps.ts'

export interface CommandDeps {
  readonly stores: Stores
  readonly market: Clock
  /** Null where TRADING is off. */
  readonly accounts: AccountPolicy | null
  readonly latch: KillLatch
}

/** Sets the level, the strategy or both in one transaction: what it says holds for every order made after it. */
export const changeTrader = (deps: CommandDeps, order: TraderOrder): Promise<Trader> =>
  command(deps, async (tx, trader) => {
    const { state, strategy } = order
    if (state === 'active' || state === 'reducing') mayRise(deps, trader, order)
    if (strategy !== undefined) await mustHoldNothing(tx, trader, 'the strategy')
    return {
      ...(state === undefined ? {} : { ...LEVEL_OF_A_PERSON, level: state, since: deps.market.now() }),
      // Another strategy has other indicators: its replay begins with its own first candle.
      ...(strategy === undefined
        ? {}
        : { settings: changedSettings(trader.settings, { strategy }), warmedFrom: null }),
    }
  })

const LEVEL_OF_A_PERSON = { cause: 'person', reason: null, isFlattening: false, isPanicking: false } as const

/** Every position of ours is closed once; nothing is opened from the commit on. */
export const flattenTrader = (deps: CommandDeps): Promise<Trader> =>
  command(deps, async () => ({
    ...LEVEL_OF_A_PERSON,
    level: 'halted',
    isFlattening: true,
    reason: 'a person had everything closed',
    since: deps.market.now(),
  }))

export const panicTrader = (deps: CommandDeps): Promise<Trader> =>
  command(deps, async () => ({
    ...LEVEL_OF_A_PERSON,
    level: 'halted',
    isPanicking: true,
    cause: 'panic',
    reason: 'a person had every order at the broker cancelled',
    since: deps.market.now(),
  }))

function command(
  { stores }: CommandDeps,
  change: (tx: Stores, trader: Trader) => Promise<TraderChange>,
): Promise<Trader> {
  return stores.transaction(async (tx) => {
    const trader = await tx.traders.lock()
    if (trader === null) throw unavailable('the trader has not begun yet')
    return tx.traders.change(await change(tx, trader))
  })
}

function mayRise({ accounts, latch }: CommandDeps, trader: Trader, { state, account }: TraderOrder): void {
  if (accounts === null)
    throw refusedAt('/state', 'TRADING is off: start with TRADING=paper to trade a paper account')
  if (latch.reason !== null) throw conflict(`${latch.reason}: it trades again after a restart without that`)
  if (trader.isFlattening || trader.isPanicking)
    throw conflict('everything is being closed or cancelled: set it halted first')
  if (accounts.kind === 'paper' && account !== undefined)
    throw refusedAt('/account', 'is for a live account: TRADING allows paper accounts alone')
  if (accounts.kind === 'live' && state === 'active' && account !== accounts.account)
    throw refusedAt('/account', 'a live account is armed with its id, as TRADING names it')
}

const refusedAt = (path: string, message: string) =>
  refused(`${path}: ${message}`, { issues: [{ path, message }] })

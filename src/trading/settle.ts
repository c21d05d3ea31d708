import { isDeepStrictEqual } from 'node:util'
import { conflict } from '../errors.ts'
import type { Clock } from '../market/time.ts'
import type { Stores } from '../ports/stores.ts'
import type { Trader, TraderSettings } from '../ports/traders.ts'
import { changedSettings, DEFAULT_SETTINGS, mustDecideInTime, type SettingsChange } from './settings.ts'

/** What the configuration says of the trader. */
export interface Wanted {
  readonly mode: 'off' | 'paper' | 'live'
  readonly isSimulated: boolean
  /** Those whose bars are collected: another one has no price. */
  readonly symbols: readonly string[]
  /** What the file of TRADER_CONFIG states. */
  readonly stated: SettingsChange
}

/** What makes another series of candles or other indicators: no position outlives that. */
const FOUNDATIONS = ['symbol', 'size', 'session', 'strategy'] as const

/**
 * The trader's row at a start: made at the first one, kept at later ones but for what the file states. Rejects with
 * `conflict` what cannot be changed while something is held, with `invalid` what cannot be traded.
 */
export function settleTrader(
  { stores, market }: { readonly stores: Stores; readonly market: Clock },
  wanted: Wanted,
): Promise<Trader> {
  return stores.transaction(async (tx) => {
    const trader = await tx.traders.lock()
    const first = firstTrader(wanted)
    const settings = trader === null ? first.settings : changedSettings(trader.settings, wanted.stated)
    mustDecideInTime(settings)
    if (trader === null) return tx.traders.create({ ...first, since: market.now() })
    const changed = differing(trader.settings, settings)
    if (changed.length === 0) return trader
    const rebuilt = FOUNDATIONS.filter((name) => changed.includes(name))
    if (rebuilt.length > 0) await mustHoldNothing(tx, trader, `the ${rebuilt.join(' and ')} of TRADER_CONFIG`)
    return tx.traders.change({ settings, ...(rebuilt.length > 0 && { warmedFrom: null }) })
  })
}

/** Nobody has said yet that real money, or a real account's paper, may be traded; a demo begins at once, and quickly. */
function firstTrader({ mode, isSimulated, symbols, stated }: Wanted): Omit<Trader, 'version' | 'since'> {
  const isDemo = isSimulated && mode === 'paper'
  const symbol = symbols.includes(DEFAULT_SETTINGS.symbol) ? DEFAULT_SETTINGS.symbol : symbols[0]
  const base = changedSettings(DEFAULT_SETTINGS, { symbol, ...(isSimulated && { size: '1m' }) })
  return {
    level: isDemo ? 'active' : 'off',
    reason: isDemo ? null : 'a person has not started it yet',
    cause: 'start',
    isFlattening: false,
    isPanicking: false,
    settings: changedSettings(base, stated),
    account: null,
    lastOrderId: 0,
    warmedFrom: null,
    day: null,
  }
}

const differing = (before: TraderSettings, after: TraderSettings): (keyof TraderSettings)[] =>
  (Object.keys(after) as (keyof TraderSettings)[]).filter(
    (name) => !isDeepStrictEqual(before[name], after[name]),
  )

/** Throws `conflict` while shares are held or orders are open that another foundation would leave without a rule. */
export async function mustHoldNothing(tx: Stores, { settings }: Trader, what: string): Promise<void> {
  const held = await tx.executions.position(settings.symbol)
  const open = await tx.intents.open()
  if (held === 0 && open.length === 0) return
  throw conflict(
    `${what} cannot be changed while ${held} shares of ${settings.symbol} are held and ${open.length} orders are open: ` +
      'close them first',
  )
}

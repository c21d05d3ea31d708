import { unavailable } from '../errors.ts'
import type { JournalledDecision } from '../ports/decisions.ts'
import type { Stores } from '../ports/stores.ts'
import type { Trader, TraderState } from '../ports/traders.ts'
import type { TraderView } from '../ports/trading.ts'
import { heldPositions } from './holdings.ts'
import type { RunningTrader } from './runningTrader.ts'
import type { TraderStanding } from './standing.ts'
import type { AccountPolicy } from './traderDeps.ts'

export interface ViewDeps {
  readonly stores: Stores
  /** Null where TRADING is off. */
  readonly accounts: AccountPolicy | null
  readonly running: RunningTrader
}

/** The trader as it is stored, and as it shows itself where this process runs it. */
export async function traderView({ stores, accounts, running }: ViewDeps): Promise<TraderView> {
  const trader = await stores.traders.find()
  if (trader === null) throw unavailable('the trader has not begun yet')
  const { settings, level: _, lastOrderId: __, warmedFrom: ___, day: ____, ...shown } = trader
  const positions = await heldPositions(stores)
  const lastDecision = await stores.decisions.latest(settings.symbol)
  const { standing } = running
  return {
    ...shown,
    settings,
    ...(accounts === null ? OFF : stateOf(trader, standing, lastDecision)),
    mode: accounts?.kind ?? 'off',
    warmup: standing?.warmup ?? null,
    levels: standing?.levels ?? levelsOf(lastDecision),
    position: positions.find(({ symbol }) => symbol === settings.symbol) ?? null,
    lastDecision,
  }
}

const OFF = { state: 'off', reason: 'TRADING is off' } as const

/** What is stored counts at once; the trader may know of more that hinders it. */
function stateOf(
  { level, reason }: Trader,
  standing: TraderStanding | null,
  lastDecision: JournalledDecision | null,
): { readonly state: TraderState; readonly reason: string | null } {
  if (level !== 'active') return { state: level, reason: reason ?? standing?.reason ?? null }
  if (standing !== null) return { state: standing.state, reason: standing.reason }
  const isWarming = lastDecision === null || lastDecision.outcome === 'warmup'
  return { state: isWarming ? 'warming' : 'active', reason }
}

const levelsOf = (decision: JournalledDecision | null): TraderView['levels'] => ({
  breakout: decision?.breakout ?? null,
  swingLow: decision?.swingLow ?? null,
  movingAverage: decision?.movingAverage ?? null,
  stop: decision?.stop ?? null,
})

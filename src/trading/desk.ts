import type { Trader } from '../ports/traders.ts'
import type { TradedAccount, Trading } from '../ports/trading.ts'
import { type AcknowledgeDeps, acknowledged } from './acknowledged.ts'
import { type CommandDeps, changeTrader, flattenTrader, panicTrader } from './commands.ts'
import { heldPositions, tradeOf } from './holdings.ts'
import { type ParityDeps, parityReport } from './parityReport.ts'
import { traderView, type ViewDeps } from './traderView.ts'

export interface DeskDeps extends CommandDeps, ViewDeps, ParityDeps, AcknowledgeDeps {}

/** What the API is told of trading, in any process, and the commands that it gives. */
export function tradingDesk(deps: DeskDeps): Trading {
  const { stores, market, running } = deps
  /**
   * The trader of this process looks at once; that of another one within a second. What it was about to send meanwhile is
   * waited for: after the answer to a command that stops it nothing leaves that adds risk.
   */
  const commanded = async (command: Promise<Trader>) => {
    const { level } = await command
    running.nudge?.()
    if (level !== 'active') await acknowledged(deps)
    return traderView(deps)
  }
  return {
    standing: () => ({ asOf: market.now(), isReconciled: running.standing?.isReconciled ?? false }),
    positions: () => heldPositions(stores),
    orders: (page) => stores.intents.list(page),
    executions: (page) => stores.executions.list(page),
    async trades(page) {
      const trips = await stores.executions.trips(page)
      return Promise.all(trips.map((trip) => tradeOf(stores, trip)))
    },
    accounts: async () => accountsOf(deps, await stores.traders.find()),
    trader: () => traderView(deps),
    change: (order) => commanded(changeTrader(deps, order)),
    flatten: () => commanded(flattenTrader(deps)),
    panic: () => commanded(panicTrader(deps)),
    async decisions(symbol, range, limit) {
      const wanted = symbol ?? (await stores.traders.find())?.settings.symbol
      return wanted === undefined ? [] : stores.decisions.between(wanted, range, limit)
    },
    parity: (date) => parityReport(deps, date),
  }
}

/** The account that is traded, with what the broker has told of it. */
function accountsOf({ accounts, running }: DeskDeps, trader: Trader | null): TradedAccount[] {
  if (trader === null || trader.account === null) return []
  const { account, day } = trader
  const told = running.standing?.account ?? null
  const values = told?.account === account ? told : { ...UNTOLD, account }
  const isLive = accounts?.kind === 'live' && accounts.account === account
  return [{ ...values, accountType: isLive ? 'live' : 'paper', day }]
}

const UNTOLD = {
  currency: 'USD',
  ...{ netLiquidation: null, availableFunds: null, buyingPower: null, cash: null },
  ...{ realizedPnl: null, unrealizedPnl: null },
}

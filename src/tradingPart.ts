import { isRetryable, messageOf } from './errors.ts'
import type { Gateway } from './gateway/gateway.ts'
import { IbBroker } from './gateway/ibBroker.ts'
import { ibLiveBars } from './gateway/liveBars.ts'
import type { Log } from './log.ts'
import type { Clock, Random } from './market/time.ts'
import type { Alerts } from './ports/alerts.ts'
import type { MarketData } from './ports/marketData.ts'
import type { Pacing } from './ports/pacing.ts'
import type { Stores } from './ports/stores.ts'
import type { Seams } from './seams.ts'
import { closedCandles } from './trading/candles.ts'
import type { KillLatch } from './trading/killLatch.ts'
import { latestSecond } from './trading/latestSecond.ts'
import type { RunningTrader } from './trading/runningTrader.ts'
import { runTrader } from './trading/trader.ts'
import type { AccountPolicy, HeldReign, TraderDeps } from './trading/traderDeps.ts'

export interface TradingDeps {
  /** On connections of its own, fenced by the lease. */
  readonly stores: Stores
  readonly gateway: Gateway
  readonly clientId: number
  readonly marketData: MarketData
  readonly pacing: Pacing
  readonly accounts: AccountPolicy
  readonly first: TraderDeps['first']
  readonly build: string
  readonly latch: KillLatch
  readonly seams: Pick<Seams, 'broker'>
  readonly running: RunningTrader
  readonly alerts: Alerts
  readonly market: Clock
  readonly machine: Clock
  readonly random: Random
  readonly log: Log
}

/** Trades for as long as a reign lasts. */
export type Trade = (reign: HeldReign, signal: AbortSignal) => Promise<void>

/** A trader that failed begins anew after so long, in machine time: its start is its recovery. */
const RESTART_MS = [2_000, 5_000, 15_000, 60_000] as const

/** What has worked for so long does not fail again and again. */
const HEALTHY_MS = 60_000

/** The trader on its broker and its candles. What fails in it never ends the reign: bars are collected all the same. */
export function openTrading(deps: TradingDeps): Trade {
  const { gateway, clientId, accounts, running, market, machine, seams } = deps
  const log = deps.log.child({ part: 'trader' })
  const account = accounts.kind === 'live' ? accounts.account : null
  const broker = new IbBroker({ gateway, clientId, account, market, machine, log })
  const reached = seams.broker?.(broker) ?? broker
  const liveBars = ibLiveBars({ gateway, market, machine, log })
  const parts = {
    ...{ ...deps, broker: reached, log },
    candles: closedCandles({ ...deps, liveBars, log }),
    latestSecond: (instrument) => latestSecond(deps.stores, instrument),
    clockSkewMs: () => gateway.status().clockSkewMs,
    onStanding: (standing) => {
      running.standing = standing
      deps.alerts.clear('trader.failed')
    },
    onNudge: (nudge) => {
      running.nudge = nudge
    },
  } satisfies Omit<TraderDeps, 'reign'> & object
  return async (reign, signal) => {
    for (let failures = 0; !signal.aborted; ) {
      const begun = machine.now()
      await runTrader({ ...parts, reign }, signal).catch((error) => tellFailure(deps, error, signal))
      running.ended()
      if (machine.now() - begun >= HEALTHY_MS) failures = 0
      const restartMs = RESTART_MS[Math.min(failures++, RESTART_MS.length - 1)]!
      if (!signal.aborted) await machine.sleep(restartMs, signal).catch(() => {})
    }
  }
}

function tellFailure({ alerts, log }: TradingDeps, error: unknown, signal: AbortSignal): void {
  if (signal.aborted) return
  if (!isRetryable(error)) log.error({ error: String((error as Error)?.stack ?? error) }, 'the trader failed')
  alerts.raise('trader.failed', `the trader begins anew: ${messageOf(error)}`)
}

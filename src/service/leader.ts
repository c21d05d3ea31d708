import { openPool } from '../../db/connect.ts'
import { openLease } from '../../db/lease.ts'
import { openQueueRunner } from '../../db/queueRunner.ts'
import { openStores } from '../../db/stores.ts'
import { machineClock } from '../clock/machine.ts'
import { watchKillSwitch } from '../killSwitch.ts'
import { type LeadingDeps, lead } from '../leading.ts'
import type { MarketTime } from '../marketTime.ts'
import type { Stores } from '../ports/stores.ts'
import type { TraderSettings } from '../ports/traders.ts'
import { openTrading, type Trade } from '../tradingPart.ts'
import { accountsOf, edges, HOLDER, type ServiceParts } from './parts.ts'
import type { Work } from './work.ts'

/** Leads whenever it holds the lease, and heeds the kill switch whether it does or not. */
export function startLeading(parts: ServiceParts & { readonly settings: TraderSettings }): void {
  const { config, log, undo, market, work, url } = parts
  const stopping = new AbortController()
  const stores = tradingStores(parts)
  const halting = watchKillSwitch(
    { ...parts, stores, market: market.clock, machine: machineClock, dataDir: config.dataDir },
    stopping.signal,
  )
  const leading = lead(
    {
      ...work,
      gateway: leadingGateway(market, work),
      trade: tradeOf(parts, stores),
      lease: openLease({ url, clock: machineClock, holder: HOLDER }),
      runner: openQueueRunner({ url, log, clock: machineClock }),
      market: market.clock,
      machine: machineClock,
      log,
      symbols: config.symbols,
      atStart: ['backfill-sessions', 'check-calendar'],
    },
    stopping.signal,
  )
  undo.push(() => {
    stopping.abort(new Error('the service is stopping'))
    return Promise.all([leading, halting])
  })
}

/** A broker of our own has the books of the process that led before, ere anybody talks to it. */
const leadingGateway = (market: MarketTime, { gateway, worlds }: Work): LeadingDeps['gateway'] => ({
  get isReady() {
    return gateway.isReady
  },
  async run(signal) {
    await market.takeOver(worlds)
    await gateway.run(signal)
  },
})

/** On connections of its own, so that nothing else delays an order; fenced, as everything that a leader writes. */
function tradingStores({ config, url, log, undo, seams, work }: ServiceParts): Stores {
  const pool = openPool({ url, purpose: 'trading', log })
  undo.push(() => pool.end())
  const stores = openStores(pool, { ...edges, fence: work.fence, badPrints: config.badPrints })
  return seams.stores?.(stores) ?? stores
}

/** Nothing is traded where TRADING is off. */
function tradeOf(parts: ServiceParts & { readonly settings: TraderSettings }, stores: Stores): Trade {
  const { config, version, work, latch, market, seams, settings, log } = parts
  const accounts = accountsOf(config)
  if (accounts === null) return async () => {}
  return openTrading({
    ...{ ...work, stores, accounts, latch, seams, log },
    clientId: config.tws.clientId,
    first: { level: 'off', settings },
    build: version,
    market: market.clock,
    machine: machineClock,
    random: Math.random,
  })
}

import type { Instrument } from '../market/instrument.ts'
import { TICK_MS } from '../market/polling.ts'
import { type SessionKind, sessionAt } from '../market/session.ts'
import { type Clock, type EpochMs, epochMs, isoInstant, later, SECOND_MS } from '../market/time.ts'
import type { Alerts } from '../ports/alerts.ts'
import type { Stores } from '../ports/stores.ts'

/** Beside the 15 s for each symbol: five ticks may fail before somebody is told. */
const PATIENCE_MS = 75 * SECOND_MS

export interface StalledDeps {
  readonly stores: Stores
  readonly market: Clock
  readonly session: SessionKind
  readonly alerts: Alerts
  readonly tracked: () => Promise<Instrument[]>
  /** When this process began to look: it is given the time that a session is given which has just opened. */
  readonly begun?: EpochMs
}

/**
 * Raises `collection.stalled` when a session is open and the newest covered second of a symbol is older than 75 s and
 * 15 s more for each symbol; clears it when that has ended. A session that has just opened is given the same time.
 */
export async function watchCollection(deps: StalledDeps): Promise<string> {
  const instruments = await deps.tracked()
  const since = epochMs(deps.market.now() - PATIENCE_MS - instruments.length * TICK_MS)
  const stalled: string[] = []
  for (const instrument of instruments) {
    if (await isStalled(deps, instrument, since)) stalled.push(instrument.symbol)
  }
  if (stalled.length === 0) {
    deps.alerts.clear('collection.stalled')
    return 'nothing is stalled'
  }
  const detail = `no bars of ${stalled.join(', ')} since ${isoInstant(since)} or longer`
  await tellOnce(deps, since, detail)
  deps.alerts.raise('collection.stalled', detail)
  return `stalled: ${detail}`
}

/** An alert that stands already has been told. */
async function tellOnce(
  { stores, market, alerts }: StalledDeps,
  since: EpochMs,
  detail: string,
): Promise<void> {
  if (alerts.standing().some(({ name }) => name === 'collection.stalled')) return
  const data = { detail, since: isoInstant(since) }
  await stores.events.append([{ type: 'collection.stalled', time: market.now(), data }])
}

/** Whether the session was open all the time since, and none of it is covered. */
async function isStalled(
  { stores, market, session, begun }: StalledDeps,
  instrument: Instrument,
  since: EpochMs,
): Promise<boolean> {
  const now = market.now()
  const open = sessionAt(now, session)
  if (open === null || later(open.from, begun ?? open.from) > since) return false
  const known = await stores.coverage.between(instrument, '1s', { from: since, to: now })
  return !known.some(({ state }) => state === 'done' || state === 'empty')
}

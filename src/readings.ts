import { coveredMs } from './market/coverage.ts'
import type { Instrument } from './market/instrument.ts'
import { type Session, type SessionKind, sessionAt, sessionsBetween } from './market/session.ts'
import { type Clock, DAY_MS, type EpochMs, earlier, plus, SECOND_MS } from './market/time.ts'
import type { Alerts } from './ports/alerts.ts'
import type { GatewayStatus } from './ports/gateway.ts'
import type { LabelledValue, Reading } from './ports/metrics.ts'
import type { Pacing } from './ports/pacing.ts'
import type { Stores } from './ports/stores.ts'

export interface ReadingDeps {
  readonly stores: Stores
  readonly market: Clock
  readonly session: SessionKind
  readonly pacing: Pick<Pacing, 'usage'>
  readonly gateway: { status(): GatewayStatus }
  readonly alerts: Alerts
}

/** What stands in the stores and in this process, for whoever watches. */
export const readingsOf = (deps: ReadingDeps): Reading[] => [...ofCollection(deps), ...ofTheProcess(deps)]

const ofCollection = (deps: ReadingDeps): Reading[] => [
  {
    name: 'gap_seconds',
    help: 'Seconds of the open session, or of the last one, that are not covered.',
    labels: ['symbol'],
    read: () => gaps(deps),
  },
  {
    name: 'newest_bar_age_seconds',
    help: 'How old the newest 1-second bar is, in market time.',
    labels: ['symbol'],
    read: () => ages(deps),
  },
  {
    name: 'backfill_chunks_waiting',
    help: 'Half hours that are still to be asked for.',
    read: () => deps.stores.backfills.waitingCount(),
  },
]

const ofTheProcess = ({ pacing, gateway, alerts }: ReadingDeps): Reading[] => [
  {
    name: 'pacing_used',
    help: 'Places of the budget used in the sliding window.',
    read: async () => (await pacing.usage()).used,
  },
  {
    name: 'pacing_limit',
    help: 'Places that the budget has.',
    read: async () => (await pacing.usage()).limit,
  },
  {
    name: 'gateway_state',
    help: '1 for the state that the connection to TWS is in.',
    labels: ['state'],
    read: async () => [{ labels: { state: gateway.status().state }, value: 1 }],
  },
  {
    name: 'alerts',
    help: '1 for each alert that stands.',
    labels: ['alert'],
    read: async () => alerts.standing().map(({ name }) => ({ labels: { alert: name }, value: 1 })),
  },
]

const ofEach = async (
  { stores }: ReadingDeps,
  read: (instrument: Instrument) => Promise<number | null>,
): Promise<LabelledValue[]> => {
  const tracked = (await stores.instruments.list()).filter((it) => it.tracked)
  const values = await Promise.all(tracked.map(async (it) => ({ it, value: await read(it) })))
  return values.flatMap(({ it, value }) => (value === null ? [] : [{ labels: { symbol: it.symbol }, value }]))
}

/** The newest seconds are always on their way. */
const SETTLING_MS = 45 * SECOND_MS

async function gaps(deps: ReadingDeps): Promise<LabelledValue[]> {
  const now = plus(deps.market.now(), -SETTLING_MS)
  const session = lastSession(now, deps.session)
  if (session === null) return []
  const range = { from: session.from, to: earlier(session.to, now) }
  return ofEach(deps, async (instrument) => {
    const known = await deps.stores.coverage.between(instrument, '1s', range)
    return (range.to - range.from - coveredMs(range, known)) / SECOND_MS
  })
}

const LONGEST_PAUSE_MS = 8 * DAY_MS

const lastSession = (now: EpochMs, kind: SessionKind): Session | null =>
  sessionAt(now, kind) ??
  sessionsBetween({ from: plus(now, -LONGEST_PAUSE_MS), to: now }, kind).at(-1) ??
  null

const ages = (deps: ReadingDeps): Promise<LabelledValue[]> =>
  ofEach(deps, async (instrument) => {
    const newest = await deps.stores.bars.latest(instrument, '1s')
    return newest && (deps.market.now() - newest) / SECOND_MS
  })

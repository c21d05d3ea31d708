import { type CoverageRange, gapsOf } from '../../src/market/coverage.ts'
import { type Bar, lowerBound } from '../../src/market/series.ts'
import { type Session, sessionsBetween } from '../../src/market/session.ts'
import { isoInstant, parseInstant, SECOND_MS, type TimeRange } from '../../src/market/time.ts'
import type { Alerts } from '../../src/ports/alerts.ts'
import type { Jobs } from '../../src/ports/jobs.ts'
import type { Stores } from '../../src/ports/stores.ts'
import type { MarketSource } from '../../src/simulator/market.ts'
import type { Tws } from '../../src/simulator/tws.ts'
import { SESSION, SYMBOL } from './service.ts'
import type { Terminal } from './terminal.ts'

export interface Judged {
  readonly stores: Stores
  readonly market: MarketSource
}

/** What is wrong with a closed session, a sentence each: nothing, when every second is stored as the market made it. */
export async function wrongWithSession(judged: Judged, session: Session): Promise<string[]> {
  const known = await coverageOf(judged, session)
  const gaps = gapsOf(session, known).map(
    ({ from, to, state }) => `${isoInstant(from)}..${isoInstant(to)} ${state}`,
  )
  return [...gaps.map((gap) => `not covered: ${gap}`), ...(await wrongIn(judged, session, session))]
}

/** What is covered must be true at any time, but for the newest seconds: no crash may leave a promise behind. */
export async function wrongWithCovered(
  judged: Judged,
  session: Session,
  range: TimeRange,
): Promise<string[]> {
  const known = range.to <= range.from ? [] : await coverageOf(judged, range)
  const wrong: string[] = []
  for (const span of known) if (span.state === 'done') wrong.push(...(await wrongIn(judged, session, span)))
  return wrong.map((each) => `covered, but ${each}`)
}

async function coverageOf({ stores }: Judged, range: TimeRange): Promise<CoverageRange[]> {
  const instrument = await stores.instruments.find(SYMBOL)
  return instrument === null ? [] : stores.coverage.between(instrument, '1s', range)
}

async function wrongIn(
  { stores, market }: Judged,
  session: Session,
  { from, to }: TimeRange,
): Promise<string[]> {
  const instrument = await stores.instruments.find(SYMBOL)
  if (instrument === null) return ['the symbol is unknown']
  const stored = await stores.bars.between({ from, to, instrument, size: '1s' })
  return differences(trueBars(market, session, { from, to }), [...stored])
}

function trueBars(market: MarketSource, session: Session, { from, to }: TimeRange): Bar[] {
  const { bars } = market.bars(SYMBOL, session, SESSION, SECOND_MS)
  const [first, end] = [lowerBound(bars, from), lowerBound(bars, to)]
  return Array.from({ length: end - first }, (_, i) => bars.at(first + i))
}

function differences(expected: readonly Bar[], stored: readonly Bar[]): string[] {
  const truth = new Map(expected.map((bar) => [bar.time, bar]))
  const wrong = stored.flatMap((bar) => {
    const bare = truth.get(bar.time)
    truth.delete(bar.time)
    if (bare === undefined) return [`invented: ${isoInstant(bar.time)}`]
    return isSame(bare, bar) ? [] : [`false: ${isoInstant(bar.time)}`]
  })
  return [...wrong, ...[...truth.keys()].map((time) => `missing: ${isoInstant(time)}`)]
}

/** Prices are kept in steps of 1/10000. */
const isSame = (a: Bar, b: Bar): boolean =>
  (Object.keys(a) as (keyof Bar)[]).every((name) => Math.abs((a[name] ?? -1) - (b[name] ?? -1)) < 0.000_06)

/** IB's rules as the simulator has counted them. */
export function wrongWithPacing({ violations, pacing }: Tws): string[] {
  const broken = Object.entries(violations.counts).filter(([, count]) => count > 0)
  const busiest = pacing.busiest > 60 ? [`${pacing.busiest} requests in 600 s`] : []
  return [...broken.map(([rule, count]) => `limit broken ${count} times: ${rule}`), ...busiest]
}

export const wrongWithGateway = ({ askedWhileLost }: Terminal): string[] =>
  askedWhileLost > 0 ? [`${askedWhileLost} requests were sent into a link that was reported lost`] : []

/** A cron line that cannot be read, or is never reached, would be missed by nobody else. */
export async function wrongWithJobs(jobs: readonly Jobs[]): Promise<string[]> {
  const lines = (await Promise.all(jobs.map((each) => each.list()))).flat()
  return lines.filter(({ lastRun }) => lastRun === null).map(({ name }) => `${name} has never run`)
}

/** At the end of a day nothing may be amiss any more. */
export const wrongWithAlerts = (alerts: Alerts): string[] =>
  alerts.standing().map(({ name, detail }) => `${name} still stands: ${detail}`)

/** The last `count` sessions of a span that has a half day, a change of clocks and many Sundays. */
export const soakSessions = (count: number): Session[] =>
  sessionsBetween(
    { from: parseInstant('2024-08-01T00:00:00Z'), to: parseInstant('2024-12-04T00:00:00Z') },
    SESSION,
  ).slice(-count)

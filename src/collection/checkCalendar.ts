import type { Log } from '../log.ts'
import type { Instrument } from '../market/instrument.ts'
import { type Session, sessionsBetween } from '../market/session.ts'
import { type Clock, isoInstant, type TimeRange } from '../market/time.ts'
import type { MarketData } from '../ports/marketData.ts'

/** How far back the broker is asked. */
const DAYS = 30

export interface CheckCalendarDeps {
  readonly marketData: MarketData
  readonly market: Clock
  readonly log: Log
  readonly tracked: () => Promise<Instrument[]>
}

/** Compares the local calendar with the broker's regular sessions. Every difference is told; none is acted on. */
export async function checkCalendar(deps: CheckCalendarDeps): Promise<string> {
  const [instrument] = await deps.tracked()
  if (instrument === undefined) return 'no symbol is tracked'
  const theirs = await deps.marketData.schedule(instrument, DAYS, 'rth')
  const differences = calendarDifferences(theirs)
  for (const difference of differences) deps.log.error({ difference }, 'the broker has another calendar')
  return `${theirs.length} sessions compared, ${differences.length} differ`
}

/** What differs between the broker's sessions and ours, over the span that the broker's cover. */
export function calendarDifferences(theirs: readonly Session[]): string[] {
  const first = theirs[0]
  const last = theirs.at(-1)
  if (first === undefined || last === undefined) return []
  const span: TimeRange = { from: first.from, to: last.to }
  const ours = new Map(sessionsBetween(span, 'rth').map((session) => [session.date, session]))
  const wrong = theirs.flatMap((session) => {
    const own = ours.get(session.date)
    ours.delete(session.date)
    if (own?.from === session.from && own.to === session.to) return []
    return [`${session.date}: broker ${hours(session)}, ours ${own ? hours(own) : 'closed'}`]
  })
  return [...wrong, ...[...ours.values()].map((own) => `${own.date}: broker closed, ours ${hours(own)}`)]
}

const hours = (session: Session): string => `${isoInstant(session.from)}..${isoInstant(session.to)}`

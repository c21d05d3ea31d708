import { AppError, refused } from '../errors.ts'
import type { Bar } from '../market/series.ts'
import { previousSession, type Session, sessionOn, sessionsBetween } from '../market/session.ts'
import { type Clock, type EpochMs, earlier, later, MINUTE_MS, plus } from '../market/time.ts'
import type { BookedExecution } from '../ports/executions.ts'
import type { Stores } from '../ports/stores.ts'
import type { Trader, TraderSettings } from '../ports/traders.ts'
import type { LivedDay } from './dayReplay.ts'
import { ownCandles, type SettledDeps, type Subject, settledCandles } from './settledCandles.ts'
import { holdingOf } from './trips.ts'
import { candlesInSession, candlesToWarmUp } from './warmUp.ts'

export interface LivedDayDeps extends SettledDeps {
  readonly stores: Stores
  readonly market: Clock
}

/** How far beyond a close seconds are read: what was decided before it may be filled after it. */
const BEYOND_MS = MINUTE_MS

/** Reads a past day with all that came before it. Rejects with `refused` what cannot be replayed, saying why. */
export async function readDay(deps: LivedDayDeps, date: string | undefined): Promise<LivedDay> {
  const { stores, market } = deps
  const trader = await stores.traders.find()
  const session = sessionOf(date, trader, market.now())
  const { settings, warmedFrom } = trader!
  const instrument = await stores.instruments.find(settings.symbol)
  if (instrument === null || warmedFrom === null || warmedFrom >= session.to)
    throw refused(`the trader, as it is set up now, was not warmed up on ${session.date}`)
  const subject = { instrument, settings }
  const { symbol } = settings
  const to = plus(session.to, BEYOND_MS)
  const executions = (await stores.executions.ours(warmedFrom)).filter((each) => each.symbol === symbol)
  const from = later(warmedFrom, beginning(settings, session, executions))
  const decisions = await stores.decisions.between(symbol, { from, to: session.to })
  const intents = await stores.intents.since(from)
  return {
    ...{ settings, instrument, session },
    candles: await candlesUntil(deps, subject, { from, session }),
    seconds: await stores.bars.between({ instrument, size: '1s', from: session.from, to }),
    decisions: new Map(decisions.map((decision) => [decision.time, decision])),
    executions: executions.sort((a, b) => a.bookedAt - b.bookedAt || a.ordinal - b.ordinal),
    intents,
  }
}

/** Sessions before the day, or before the entry of what was held that morning: older swings set no level any more. */
const LEAST_SESSIONS = 10

/** From where on candles are replayed, however long the trader has run: enough for its averages and levels. */
function beginning(
  settings: TraderSettings,
  session: Session,
  executions: readonly BookedExecution[],
): EpochMs {
  const before = executions.filter(({ time }) => time < session.from)
  const [first] = holdingOf(before).open
  const needed = Math.ceil(candlesToWarmUp(settings) / candlesInSession(settings))
  let from = earlier(session.from, first?.time ?? session.from)
  for (let i = 0; i < Math.max(LEAST_SESSIONS, needed); i++)
    from = previousSession(from, settings.session).from
  return from
}

/** The session that has closed on a date, or the last one that has. */
function sessionOf(date: string | undefined, trader: Trader | null, now: EpochMs): Session {
  const kind = trader?.settings.session ?? 'rth'
  if (date === undefined) return previousSession(now, kind)
  const session = sessionOn(date, kind)
  if (session === null) throw refusedDate(`the exchange was closed on ${date}`)
  if (now < session.to) throw refusedDate(`the session of ${date} has not closed yet`)
  return session
}

const refusedDate = (message: string): AppError => refused(message, { issues: [{ path: 'date', message }] })

/** Session by session; where the broker cannot be asked for what is missing, without that. */
async function candlesUntil(
  deps: LivedDayDeps,
  subject: Subject,
  { from, session }: { readonly from: EpochMs; readonly session: Session },
): Promise<Bar[]> {
  const candles: Bar[] = []
  for (const each of sessionsBetween({ from, to: session.to }, subject.settings.session)) {
    const found = await settledCandles(deps, subject, each).catch((error: unknown) => {
      if (!(error instanceof AppError)) throw error
      return ownCandles(deps, subject, each)
    })
    candles.push(...[...found].filter(({ time }) => time >= from))
  }
  return candles
}

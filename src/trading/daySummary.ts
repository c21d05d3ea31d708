import { coveredMs } from '../market/coverage.ts'
import type { Instrument } from '../market/instrument.ts'
import { amount } from '../market/money.ts'
import { nextSession, previousSession, type Session, type SessionKind } from '../market/session.ts'
import { type Clock, MINUTE_MS, plus, type TimeRange } from '../market/time.ts'
import type { EventData } from '../ports/events.ts'
import type { BookedExecution } from '../ports/executions.ts'
import type { Stores } from '../ports/stores.ts'
import type { Trader } from '../ports/traders.ts'
import type { RunningTrader } from './runningTrader.ts'
import { holdingOf, resultOf, type Trip } from './trips.ts'

type Summary = EventData['day.summary']

export interface DaySummaryDeps {
  readonly stores: Stores
  readonly market: Clock
  /** Of the sessions that are collected. */
  readonly session: SessionKind
  readonly tracked: () => Promise<Instrument[]>
  /** Of this service; null where it does not trade. */
  readonly running: Pick<RunningTrader, 'standing'> | null
}

/** By then the last seconds are stored, and the broker has told its commissions. */
const SETTLING_MS = 15 * MINUTE_MS

/** Tells what came of the last session that has closed a quarter of an hour ago, once for each symbol. */
export async function tellClosedSession(deps: DaySummaryDeps): Promise<string> {
  const session = previousSession(plus(deps.market.now(), -SETTLING_MS), deps.session)
  const news: string[] = []
  for (const instrument of await deps.tracked()) {
    const done = await tellOnce(deps, instrument, session)
    if (done !== 'nothing') news.push(done === 'told' ? instrument.symbol : `${instrument.symbol} ${WAITS}`)
  }
  return `${session.date}: ${news.length === 0 ? 'nothing is left to tell' : news.join(', ')}`
}

const WAITS = "waits for the broker's books"

/** What is told is looked for in the outbox itself: neither a restart nor a job that is run by hand tells it twice. */
const tellOnce = (
  { stores, market, session: kind, running }: DaySummaryDeps,
  of: Instrument,
  session: Session,
): Promise<'told' | 'waits' | 'nothing'> =>
  stores.transaction(async (tx) => {
    const told = await tx.events.list({ limit: MOST_SYMBOLS, types: ['day.summary'] })
    const isTold = told.some(
      ({ data }) => (data as Summary).date === session.date && (data as Summary).symbol === of.symbol,
    )
    if (isTold || !(await hasLived(tx, session))) return 'nothing'
    const isTraded = running !== null && trades(await tx.traders.find(), of)
    const reconciled = isTraded ? isEqual(running, session) : null
    if (reconciled === false && market.now() < nextSession(session.to, kind).from) return 'waits'
    const figures = await summaryOf(tx, of, session, previousSession(session.from, kind).to)
    const data = { ...figures, reconciled }
    await tx.events.append([{ type: 'day.summary', time: market.now(), data }])
    return 'told'
  })

const trades = (trader: Trader | null, { symbol }: Instrument): boolean =>
  trader !== null && trader.level !== 'off' && trader.settings.symbol === symbol

/** A day is closed on books that equal the broker's after its end (reliability, 5.4); the next day waits for nothing. */
const isEqual = ({ standing }: Pick<RunningTrader, 'standing'>, { to }: Session): boolean =>
  standing?.isReconciled === true && standing.reconciledAt !== null && standing.reconciledAt >= to

const MOST_SYMBOLS = 1_000

/** A service that is new has filled the sessions before it, and done nothing in them. */
async function hasLived({ events }: Stores, { to }: Session): Promise<boolean> {
  const [first] = await events.after(0, 1)
  return first !== undefined && first.time < to
}

/** A day begins at the close before: what was done outside of sessions belongs to the one that closes next. */
async function summaryOf(
  { executions, intents, decisions, coverage }: Stores,
  instrument: Instrument,
  session: Session,
  from: Session['to'],
): Promise<Omit<Summary, 'reconciled'>> {
  const { symbol } = instrument
  const day = { from, to: session.to }
  const ours = (await executions.ours()).filter((each) => each.symbol === symbol && each.time < day.to)
  const ordered = (await intents.since(day.from)).filter(
    (each) => each.symbol === symbol && each.createdAt < day.to && each.sentAt !== null,
  )
  const known = await coverage.between(instrument, '1s', session)
  return {
    ...{ date: session.date, symbol },
    ...resultsOf(ours, day),
    decisions: (await decisions.between(symbol, day)).length,
    orders: ordered.length,
    rejected: ordered.filter(({ state }) => state === 'rejected').length,
    coverage: coveredMs(session, known) / (session.to - session.from),
  }
}

/** Of the round trips that ended on the day; a commission that the broker has not told yet counts for nothing. */
function resultsOf(ours: readonly BookedExecution[], day: TimeRange) {
  const { quantity, closed } = holdingOf(ours)
  const ended = closed.filter(({ executions }) => executions.at(-1)!.time >= day.from)
  const results = ended.map(resultOfTrip)
  const [grossPnl, commissions] = [sumOf(results, 'gross'), sumOf(results, 'commission')]
  return {
    trades: ended.length,
    wins: results.filter(({ gross, commission }) => gross > commission).length,
    ...{ grossPnl, commissions, netPnl: amount(grossPnl - commissions) },
    position: quantity,
  }
}

const resultOfTrip = ({ executions }: Trip) => ({
  gross: resultOf(executions).grossPnl,
  commission: executions.reduce((sum, { commission }) => sum + (commission ?? 0), 0),
})

const sumOf = (results: readonly ReturnType<typeof resultOfTrip>[], of: 'gross' | 'commission'): number =>
  amount(results.reduce((sum, result) => sum + result[of], 0))

import { WhatToShow } from '@stoqey/ib'
import { refused, throttled, unavailable } from '../errors.ts'
import type { Log } from '../log.ts'
import type { RejectedBar } from '../market/badValue.ts'
import { type BarSize, barSizeMs, isSmallBar } from '../market/barSize.ts'
import type { Instrument } from '../market/instrument.ts'
import { type Bar, BarSeries } from '../market/series.ts'
import type { Session, SessionKind } from '../market/session.ts'
import { type Clock, type EpochMs, HOUR_MS, SECOND_MS } from '../market/time.ts'
import type {
  HistoricalAnswer,
  HistoricalRequest,
  MarketData,
  QualifiedInstrument,
} from '../ports/marketData.ts'
import type { Pacing } from '../ports/pacing.ts'
import type { PacingSlot } from '../ports/pacingSlot.ts'
import type { Connection } from './connection.ts'
import type { Gateway } from './gateway.ts'
import { storedBar } from './storedBar.ts'
import { ibBarSize, ibContract, ibEndTime, isRejected, qualifiedInstrument, sessionOf } from './translate.ts'
import type { Answer } from './wire.ts'

const SMALL_BARS_DEADLINE_MS = 60_000
const LARGE_BARS_DEADLINE_MS = 120_000
const CONTRACT_DEADLINE_MS = 15_000
/** IB counts durations in whole seconds up to a day; shorter ones than a minute are rounded up. */
const MIN_DURATION_S = 60
/** UTC, epoch seconds. */
const FORMAT_EPOCH = 2

export interface MarketDataDeps {
  readonly gateway: Gateway
  readonly market: Clock
  readonly log: Log
  /** Told of every pacing violation. */
  readonly pacing: Pick<Pacing, 'penalize'>
}

/** Market data of TWS, over whatever connection is ready at the time of the call. */
export function ibMarketData(deps: MarketDataDeps): MarketData {
  return {
    qualify: (symbol) => qualify(deps.gateway.ready(), symbol),
    schedule: (instrument, days, session) => schedule(deps.gateway.ready(), instrument, days, session),
    historicalBars: (request, slot, signal) => historicalBars(deps, request, slot, signal),
  }
}

async function qualify(connection: Connection, symbol: string): Promise<QualifiedInstrument> {
  const found: QualifiedInstrument[] = []
  await connection.ask({
    deadlineMs: CONTRACT_DEADLINE_MS,
    send: (api, id) => api.reqContractDetails(id, ibContract({ symbol })),
    receive: (answer) => {
      if (answer.type === 'contract') found.push(qualifiedInstrument(answer.details))
      return answer.type === 'contractEnd' ? true : undefined
    },
  })
  const [only] = found
  if (only === undefined) throw refused(`TWS knows no US stock "${symbol}"`)
  if (found.length > 1) throw refused(`"${symbol}" names ${found.length} contracts of TWS, not one`)
  return only
}

async function historicalBars(
  deps: MarketDataDeps,
  request: HistoricalRequest,
  slot: PacingSlot,
  signal?: AbortSignal,
): Promise<HistoricalAnswer> {
  const connection = deps.gateway.ready()
  // What TWS has not lived through yet it would answer with what it has, and the rest would count as asked.
  if (request.to > deps.gateway.brokerTime)
    throw unavailable("TWS's clock has not reached the end of the request")
  if (deps.market.now() > slot.sendBefore) throw throttled('the reserved place in the budget has passed')
  const bars: Bar[] = []
  const rejected: RejectedBar[] = []
  const outcome = await connection.ask<'bars' | 'empty' | PacingViolation>({
    deadlineMs: isSmallBar(request.size) ? SMALL_BARS_DEADLINE_MS : LARGE_BARS_DEADLINE_MS,
    signal,
    send: (api, id) =>
      api.reqHistoricalData(
        id,
        ibContract(request.instrument),
        ibEndTime(request.to),
        durationOf(request),
        ibBarSize(request.size),
        WhatToShow.TRADES,
        request.session === 'rth',
        FORMAT_EPOCH,
        false,
      ),
    cancel: (api, id) => api.cancelHistoricalData(id),
    receive: (answer) => {
      if (answer.type !== 'bar') return endOf(answer)
      const row = storedBar(answer.bar, request)
      if (row === null) return undefined
      if (row.time !== null && (row.time < request.from || row.time >= request.to)) return undefined
      if (isRejected(row)) rejected.push(row)
      else bars.push(row)
      return undefined
    },
  })
  if (typeof outcome !== 'string') {
    await deps.pacing.penalize()
    throw throttled(outcome.violation)
  }
  if (rejected.length > 0)
    deps.log.warn({ rejected: rejected.length, from: request.from }, 'bars with impossible values')
  return outcome === 'empty' ? { kind: 'empty' } : { kind: 'bars', bars: ordered(bars), rejected }
}

interface PacingViolation {
  readonly violation: string
}

/** The end of a historical answer; throws what a failure means to the caller. */
function endOf(answer: Answer): 'bars' | 'empty' | PacingViolation | undefined {
  if (answer.type === 'barsEnd') return 'bars'
  if (answer.type !== 'historicalFailure') return undefined
  switch (answer.failure) {
    case 'noData':
      return 'empty'
    case 'pacing':
      return { violation: answer.text }
    case 'cancelled':
    case 'competing':
    case 'unknown':
      throw unavailable(answer.text)
    case 'invalid':
    case 'permission':
      throw refused(answer.text)
  }
}

function durationOf(request: HistoricalRequest): string {
  const seconds = Math.ceil((request.to - request.from) / SECOND_MS)
  if (barSizeMs(request.size) >= 24 * HOUR_MS) return `${Math.ceil(seconds / 86_400)} D`
  return seconds <= 86_400 ? `${Math.max(MIN_DURATION_S, seconds)} S` : `${Math.ceil(seconds / 86_400)} D`
}

/** Oldest first; of two bars of one time the later one counts. */
function ordered(bars: readonly Bar[]): BarSeries {
  const byTime = new Map<EpochMs, Bar>(bars.map((bar) => [bar.time, bar]))
  return BarSeries.of([...byTime.values()].sort((a, b) => a.time - b.time))
}

function schedule(
  connection: Connection,
  instrument: Instrument,
  days: number,
  session: SessionKind,
): Promise<Session[]> {
  return connection.ask<Session[]>({
    deadlineMs: LARGE_BARS_DEADLINE_MS,
    send: (api, id) =>
      api.reqHistoricalData(
        id,
        ibContract(instrument),
        '',
        `${days} D`,
        ibBarSize('1d' satisfies BarSize),
        'SCHEDULE' as WhatToShow,
        session === 'rth',
        FORMAT_EPOCH,
        false,
      ),
    cancel: (api, id) => api.cancelHistoricalData(id),
    receive: (answer) => {
      if (answer.type === 'schedule') return answer.sessions.map(sessionOf)
      return endOf(answer) === 'empty' ? [] : undefined
    },
  })
}

import type { Session } from '../../src/market/session.ts'
import {
  DAY_MS,
  type EpochMs,
  earlier,
  HOUR_MS,
  later,
  MINUTE_MS,
  plus,
  type TimeRange,
} from '../../src/market/time.ts'
import { type Assembly, type AssemblyOptions, assembled } from './assembly.ts'
import { type FaultCounts, restarts, trouble } from './trouble.ts'
import {
  wrongWithAlerts,
  wrongWithCovered,
  wrongWithGateway,
  wrongWithJobs,
  wrongWithPacing,
  wrongWithSession,
} from './verdict.ts'

export interface SoakOptions extends AssemblyOptions {
  /** Oldest first. */
  readonly sessions: readonly Session[]
  /** Told when a session has been judged. */
  readonly onSession?: (date: string, wrong: readonly string[]) => void
}

export interface SoakReport {
  /** A sentence each. */
  readonly wrong: readonly string[]
  /** SHA-256 of everything that happened. */
  readonly trace: string
  readonly entries: number
  readonly requests: number
  /** The most in any 600 s. */
  readonly busiest: number
  readonly faults: FaultCounts
}

const BEFORE_OPEN_MS = HOUR_MS
const AFTER_CLOSE_MS = 8 * HOUR_MS
/** Bars that nobody will look at again are left out: a month of them is much. */
const KEPT_MS = 7 * DAY_MS

/** Lets the service live through the sessions, and the nights between them, and judges it. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const { sessions, onSession } = options
  const begin = plus(sessions[0]!.from, -BEFORE_OPEN_MS)
  const range = { from: begin, to: plus(sessions.at(-1)!.to, AFTER_CLOSE_MS) }
  const run = assembled(options, begin)
  const wrong: string[] = []
  const stop = started(run, range, wrong)
  for (const session of sessions) {
    await run.clock.runUntil(judgementOf(session))
    const found = [
      ...(await wrongWithSession(run.judged, session)),
      ...(await wrongWithJobs(run.jobs)),
      ...wrongWithAlerts(run.alerts),
    ]
    wrong.push(...found)
    run.forget(plus(session.from, -KEPT_MS))
    onSession?.(session.date, found)
  }
  await stop()
  return report(run, wrong)
}

/** Begins everything; the function that it returns ends it, and waits. */
function started(run: Assembly, range: TimeRange, wrong: string[]): () => Promise<void> {
  const { clock, trace, world, faults } = run
  const stopping = new AbortController()
  const { signal } = stopping
  const afterCalm = async (session: Session) => {
    wrong.push(...(await wrongLately(run, session)))
  }
  const parts = [
    run.service(signal),
    trouble({ world, trace, counts: faults, afterCalm }, range, signal),
    restarts(world, range, signal),
  ]
  const settled = Promise.all(
    parts.map((part) =>
      part.catch((error) => {
        if (!signal.aborted) wrong.push(String(error))
      }),
    ),
  )
  return async () => {
    stopping.abort(new Error('the soak is over'))
    await clock.runUntil(plus(clock.now(), MINUTE_MS))
    await settled
  }
}

/** 20:30 in New York: every repair of the day has had its time. */
function judgementOf({ from, to }: Session): EpochMs {
  const isHalfDay = to - from < 6 * HOUR_MS
  return plus(to, (isHalfDay ? 7.5 : 4.5) * HOUR_MS)
}

/** More than lies between two faults. */
const JUDGED_MS = 30 * MINUTE_MS

/** The newest minute may still be provisional. */
function wrongLately({ judged, clock }: Assembly, session: Session): Promise<string[]> {
  const to = earlier(session.to, plus(clock.now(), -MINUTE_MS))
  const from = later(session.from, plus(to, -JUDGED_MS))
  return wrongWithCovered(judged, session, { from, to })
}

function report({ tws, terminal, clock, trace, faults }: Assembly, wrong: readonly string[]): SoakReport {
  const left = [
    ...(clock.pending > 0 ? [`${clock.pending} timers are left`] : []),
    ...(terminal.lines > 0 ? [`${terminal.lines} connections are left`] : []),
  ]
  return {
    wrong: [...wrong, ...wrongWithPacing(tws), ...wrongWithGateway(terminal), ...left],
    entries: trace.entries,
    trace: trace.digest(),
    requests: tws.pacing.total,
    busiest: tws.pacing.busiest,
    faults,
  }
}

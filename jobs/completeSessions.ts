import type { CollectDeps } from '../src/collection/collect.ts'
import { completeSession, isBad, missingText } from '../src/collection/completeSession.ts'
import type { Instrument } from '../src/market/instrument.ts'
import { previousSession, type Session } from '../src/market/session.ts'
import type { Alerts } from '../src/ports/alerts.ts'
import { ofEach } from './ofEach.ts'
import type { ScheduledJob } from './schedule.ts'

export interface CompleteSessionsDeps extends CollectDeps {
  readonly alerts: Alerts
  readonly tracked: () => Promise<Instrument[]>
}

/** Five minutes after every possible close: early, regular, extended. Each session has one last look. */
export function completeSessions(deps: CompleteSessionsDeps): ScheduledJob {
  const looked = new Map<string, string>()
  return {
    name: 'complete-sessions',
    pattern: '0 5 13,16,17,20 * * 1-5',
    run: async (signal) =>
      ofEach(await deps.tracked(), async (instrument) => {
        const session = previousSession(deps.market.now(), deps.session)
        if (looked.get(instrument.symbol) === session.date) return 'no session has closed since'
        const told = await complete(deps, instrument, session, signal)
        looked.set(instrument.symbol, session.date)
        return told
      }),
  }
}

/** A session that lacks nothing that could still be had takes the alert of the one before back. */
async function complete(
  deps: CompleteSessionsDeps,
  instrument: Instrument,
  session: Session,
  signal: AbortSignal,
): Promise<string> {
  const { gaps, revised } = await completeSession(deps, instrument, session, signal)
  const missing = gaps.length === 0 ? null : missingText(instrument, session, gaps)
  if (missing === null || gaps.every(isBad)) deps.alerts.clear('collection.incomplete')
  else deps.alerts.raise('collection.incomplete', missing)
  if (missing !== null) deps.log.warn({ missing }, 'a closed session is not whole')
  return missing ?? `${session.date} is whole, ${revised} revised`
}

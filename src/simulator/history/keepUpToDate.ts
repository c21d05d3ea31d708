import type { BarSeries } from '../../market/series.ts'
import { DAY_MS, type EpochMs, later, plus } from '../../market/time.ts'
import { historicalDataUpdate } from '../messages/history.ts'
import { runStream } from '../subscriptions.ts'
import { barsOf, periodStart } from './bars.ts'
import { type Query, rowStyle } from './query.ts'
import { barRows } from './rows.ts'

/**
 * Tells what changes in the last of `bars`, and in those that follow it, until the stream is cancelled. A bar in which
 * nothing has traded since is not told again; the first update of a later bar says that the one before has closed.
 */
export function keepUpToDate(query: Query, bars: BarSeries): void {
  const { client, tws, request } = query
  let from = bars.time[bars.length - 1] as EpochMs
  let told = barRows(bars, rowStyle(query)).at(-1)!.join()
  const tell = () => {
    const newest = barsSince(query, from)
    for (const [i, row] of barRows(newest, rowStyle(query)).entries()) {
      from = newest.time[i] as EpochMs
      if (row.join() === told || isLeftOut(query, from)) continue
      client.send(historicalDataUpdate(request.id, row))
      told = row.join()
    }
  }
  const everyMs = tws.switches.keepUpToDateEveryMs
  runStream(tws, client, { kind: 'keepUpToDate', id: request.id, everyMs }, tell)
}

/** The bar that starts at `from`, and those after it. After a jump of the clock no more than a day of them. */
function barsSince({ tws, listing, plan }: Query, from: EpochMs): BarSeries {
  const { market, days, switches } = tws
  const now = tws.now()
  const start = periodStart(plan.step, later(from, plus(now, -DAY_MS)))
  return barsOf({ market, days, switches, now }, listing.symbol, { ...plan, from: start, to: now })
}

/** Whether a bar is over, and such bars are not told once more. */
const isLeftOut = ({ tws, plan }: Query, start: EpochMs): boolean =>
  tws.switches.lastUpdate === 'skipped' && start + plan.step.ms <= tws.now()

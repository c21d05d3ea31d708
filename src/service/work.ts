import { fencedPool } from '../../db/fence.ts'
import { pacingLedger } from '../../db/pacing.ts'
import { openStorage } from '../../db/storage.ts'
import { openStores } from '../../db/stores.ts'
import { worldStore } from '../../db/world.ts'
import { archiveSeconds } from '../../jobs/archiveSeconds.ts'
import { backfillSessionsJob } from '../../jobs/backfillSessions.ts'
import { checkCalendarJob } from '../../jobs/checkCalendar.ts'
import { collectBars } from '../../jobs/collectBars.ts'
import { completeSessions } from '../../jobs/completeSessions.ts'
import { healBars } from '../../jobs/healBars.ts'
import { lookAgainJob } from '../../jobs/lookAgain.ts'
import { prepareMonths } from '../../jobs/prepareMonths.ts'
import { reportParity } from '../../jobs/reportParity.ts'
import { reportProgress } from '../../jobs/reportProgress.ts'
import { Schedule } from '../../jobs/schedule.ts'
import { summarizeDay } from '../../jobs/summarizeDay.ts'
import { tellAuditHeadJob } from '../../jobs/tellAuditHead.ts'
import { watchCollectionJob } from '../../jobs/watchCollection.ts'
import { openAlerts } from '../alerts.ts'
import { machineClock } from '../clock/machine.ts'
import { liveDemand } from '../collection/collect.ts'
import type { Config } from '../config.ts'
import { messageOf } from '../errors.ts'
import { tellInOrder } from '../events/inOrder.ts'
import { Gateway } from '../gateway/gateway.ts'
import { ibMarketData } from '../gateway/ibMarketData.ts'
import { ledgerPacing, pacingWhile } from '../gateway/pacing.ts'
import { pacingRules } from '../gateway/pacingRules.ts'
import { stateEvents } from '../gateway/stateEvents.ts'
import type { Log } from '../log.ts'
import type { MarketTime } from '../marketTime.ts'
import { openMetrics } from '../metrics.ts'
import { readingsOf } from '../readings.ts'
import type { Seams } from '../seams.ts'
import { tellClosedSession } from '../trading/daySummary.ts'
import { parityReport } from '../trading/parityReport.ts'
import { RunningTrader } from '../trading/runningTrader.ts'
import { tradingReadings } from '../tradingReadings.ts'
import { accountsOf, edges, type Pool } from './parts.ts'

export type Work = ReturnType<typeof assemble>

/** The parts that do the work, on the pool of the jobs. None of them has begun. */
export function assemble(
  config: Config,
  market: MarketTime,
  pool: Pool,
  log: Log,
  stopping: AbortSignal,
  { dial }: Seams,
) {
  let epoch: number | null = null
  const fence = () => epoch
  const stores = openStores(pool, { ...edges, fence, badPrints: config.badPrints })
  const { clock } = market
  const tell = tellInOrder({ events: stores.events, machine: machineClock, log }, stopping)
  const alerts = openAlerts({ market: clock, log, tell })
  const budget = ledgerPacing({
    ledger: pacingLedger(pool, fence),
    market: clock,
    rules: pacingRules(market.speed),
    demand: liveDemand(config.collectSession),
  })
  const address = { ...market.tws, clientId: config.tws.clientId, ...(dial && { dial }) }
  const gateway = new Gateway({
    ...{ address, market: clock, machine: machineClock, random: Math.random, alerts, log },
    onState: stateEvents(tell),
    onReady: () => void catchUp(schedule, log),
  })
  const pacing = pacingWhile(() => gateway.ready(), budget)
  const marketData = ibMarketData({ gateway, market: clock, pacing, log })
  const tracked = async () => (await stores.instruments.list()).filter((it) => it.tracked)
  const shared = {
    ...{ stores, pacing, marketData, market: clock, alerts, log, tracked },
    session: config.collectSession,
  }
  const storage = openStorage(pool)
  const running = new RunningTrader()
  const metrics = openMetrics([
    ...readingsOf({ ...shared, gateway }),
    ...tradingReadings({ ...shared, running }),
  ])
  const schedule = new Schedule({ market: clock, runs: stores.jobRuns, metrics, log }, [
    collectBars(shared, tracked),
    healBars(shared, tracked),
    lookAgainJob(shared, tracked),
    completeSessions(shared),
    watchCollectionJob(shared),
    backfillSessionsJob(shared, tracked, config.backfillSessions),
    checkCalendarJob(shared),
    prepareMonths({ storage, market: clock }),
    archiveSeconds({ storage, market: clock }, config.retentionDays),
    reportProgress(shared),
    reportParity({
      ...{ market: clock, events: stores.events, log },
      parity: () => parityReport({ ...shared, machine: machineClock }),
    }),
    summarizeDay(() => tellClosedSession({ ...shared, running: accountsOf(config) && running })),
    tellAuditHeadJob({ audit: stores.audit, dataDir: config.dataDir, machine: machineClock }),
  ])
  const onReign = (begun: number): void => {
    epoch = begun
  }
  const worlds = worldStore(fencedPool(pool, fence))
  return { ...shared, gateway, schedule, metrics, worlds, fence, onReign, running }
}

/** After an outage the newest seconds first, then the newest hole; in a process that has just begun to lead, neither. */
async function catchUp(schedule: Schedule, log: Log): Promise<void> {
  try {
    await schedule.run('collect-bars')
    await schedule.run('heal-bars')
  } catch (error) {
    log.debug({ error: messageOf(error) }, 'left to the next ticks')
  }
}

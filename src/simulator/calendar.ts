import { calendarDate, SUNDAY } from '../market/calendarDate.ts'
import { type EpochMs, HOUR_MS, MINUTE_MS } from '../market/time.ts'
import { newYorkDay, newYorkInstant } from '../market/zone.ts'
import { FAULT_SCHEMA, planOf } from './faults/scenario.ts'
import type { Tws } from './tws.ts'

/** What TWS and IB do of themselves. */
export interface Calendar {
  /** 23:45 in New York: IB's servers are away for a minute; at 23:50 TWS restarts, which takes 90 seconds. */
  readonly nightlyRestart: boolean
  /** Sunday 01:00 in New York: the login expires, and a person logs in again at 08:00. */
  readonly weeklyLogout: boolean
}

export const NO_CALENDAR: Calendar = { nightlyRestart: false, weeklyLogout: false }

/** Something that comes at a time of New York's day, for its own while. */
interface Appointment {
  readonly timeOfDayMs: number
  readonly isOn: (weekday: number) => boolean
  readonly lastsMs: number
  /** As they stand in a scenario. */
  readonly faults: readonly object[]
}

const OUTAGE_S = 60
const RESTART_S = 90

const NIGHTLY_RESTART: Appointment = {
  timeOfDayMs: 23 * HOUR_MS + 45 * MINUTE_MS,
  isOn: () => true,
  lastsMs: 7 * MINUTE_MS,
  faults: [
    { fault: 'linkLost', for: OUTAGE_S },
    { fault: 'farmBroken', for: OUTAGE_S, with: { farm: 'marketData' } },
    { fault: 'farmBroken', for: OUTAGE_S, with: { farm: 'history' } },
    { fault: 'farmBroken', for: OUTAGE_S, with: { farm: 'definitions' } },
    { fault: 'restart', after: 300, for: RESTART_S },
  ],
}

/** Until a person has logged in TWS lets nobody in, though its port answers. */
const LOGGED_OUT_S = 7 * 3_600

const WEEKLY_LOGOUT: Appointment = {
  timeOfDayMs: HOUR_MS,
  isOn: (weekday) => weekday === SUNDAY,
  lastsMs: LOGGED_OUT_S * 1_000,
  faults: [{ fault: 'close' }, { fault: 'acceptThenClose', for: LOGGED_OUT_S }],
}

/** Keeps the calendar on the market's clock. Returns what ends that. */
export function keepCalendar(tws: Tws, { nightlyRestart, weeklyLogout }: Calendar): () => void {
  const stopping = new AbortController()
  const keep = (appointment: Appointment) =>
    keepAll(tws, appointment, stopping.signal).catch((fault: unknown) => {
      if (!stopping.signal.aborted) tws.log.error({ err: fault }, 'the calendar failed')
    })
  if (nightlyRestart) void keep(NIGHTLY_RESTART)
  if (weeklyLogout) void keep(WEEKLY_LOGOUT)
  return () => stopping.abort()
}

/** Of an appointment that the market's clock jumped over, nobody has seen anything. */
const LATE_MS = MINUTE_MS

async function keepAll(tws: Tws, appointment: Appointment, stopped: AbortSignal): Promise<void> {
  for (;;) {
    const at = nextTime(appointment, tws.now())
    await tws.clock.sleepUntil(at, stopped)
    if (tws.now() - at < LATE_MS) await happen(tws, appointment, stopped)
  }
}

async function happen(tws: Tws, { faults, lastsMs }: Appointment, stopped: AbortSignal): Promise<void> {
  const armed = faults.map((fault) => tws.faults.arm(planOf(FAULT_SCHEMA.parse(fault))))
  await tws.clock.sleep(lastsMs, stopped)
  for (const id of armed) tws.faults.disarm(id)
}

/** The first time after `now`. */
function nextTime({ timeOfDayMs, isOn }: Appointment, now: EpochMs): EpochMs {
  for (let day = newYorkDay(now); ; day++) {
    const at = newYorkInstant(day, timeOfDayMs)
    if (at > now && isOn(calendarDate(day).weekday)) return at
  }
}

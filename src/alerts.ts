import type { Log } from './log.ts'
import { type Clock, isoInstant } from './market/time.ts'
import type { Alert, AlertName, Alerts } from './ports/alerts.ts'
import type { NewEvent } from './ports/events.ts'

export interface AlertsDeps {
  readonly market: Clock
  readonly log: Log
  readonly tell?: (event: NewEvent) => void
}

/** Alerts of this process, with one line in the log and one event for every change. */
export function openAlerts({ market, log, tell = () => {} }: AlertsDeps): Alerts {
  const standing = new Map<AlertName, Alert>()
  const raised = (alert: Alert): void => {
    log.error({ alert: alert.name, detail: alert.detail }, 'alert raised')
    // Whoever finds a stall tells it under its own name.
    if (alert.name === 'collection.stalled') return
    tell({ type: 'alert.raised', time: alert.since, data: dataOf(alert) })
  }
  return {
    raise(name, detail) {
      const before = standing.get(name)
      const alert = { name, detail, since: before?.since ?? market.now() }
      standing.set(name, alert)
      if (before === undefined) raised(alert)
    },
    clear(name) {
      const alert = standing.get(name)
      if (alert === undefined) return
      standing.delete(name)
      log.warn({ alert: name }, 'alert cleared')
      tell({ type: 'alert.cleared', time: market.now(), data: dataOf(alert) })
    },
    standing: () => [...standing.values()],
  }
}

const dataOf = ({ name, detail, since }: Alert) => ({ alert: name, detail, since: isoInstant(since) })

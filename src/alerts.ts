import type { Log } from './log.ts'
import type { Clock } from './market/time.ts'
import type { Alert, AlertName, Alerts } from './ports/alerts.ts'

export interface AlertsDeps {
  readonly market: Clock
  readonly log: Log
}

/** Alerts of this process, with one line in the log for every change. */
export function openAlerts({ market, log }: AlertsDeps): Alerts {
  const standing = new Map<AlertName, Alert>()
  return {
    raise(name, detail) {
      const before = standing.get(name)
      standing.set(name, { name, detail, since: before?.since ?? market.now() })
      if (before === undefined) log.error({ alert: name, detail }, 'alert raised')
    },
    clear(name) {
      if (standing.delete(name)) log.warn({ alert: name }, 'alert cleared')
    },
    standing: () => [...standing.values()],
  }
}

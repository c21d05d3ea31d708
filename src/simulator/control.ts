import { clockReport, type Origin, statusReport } from './status.ts'
import type { Tws } from './tws.ts'

export interface ControlAnswer {
  readonly status: number
  readonly body: unknown
}

/** Answers a request to the control port: `GET /status` and `GET /clock`. */
export function control(method: string, path: string, tws: Tws, origin: Origin): ControlAnswer {
  const report = REPORTS.get(path)
  if (!report) return { status: 404, body: { error: `nothing lies at ${path}`, paths: [...REPORTS.keys()] } }
  if (method !== 'GET') return { status: 405, body: { error: `${method} is not possible here` } }
  return { status: 200, body: report(tws, origin) }
}

const REPORTS: ReadonlyMap<string, (tws: Tws, origin: Origin) => unknown> = new Map([
  ['/status', statusReport],
  ['/clock', clockReport],
])

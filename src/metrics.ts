import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { LabelledValue, Metrics, Reading } from './ports/metrics.ts'

const PREFIX = 'pivot_engine_'

const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const LATE_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60]

/** The process itself (event loop, memory, handles), what is counted as it happens, and what is read when asked for. */
export function openMetrics(readings: readonly Reading[]): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  for (const reading of readings) gaugeOf(registry, reading)
  const requests = requestSeconds(registry)
  const { late, runs } = jobFigures(registry)
  return {
    mediaType: registry.contentType,
    text: () => registry.metrics(),
    answered: ({ method, route, status, seconds }) => requests.observe({ method, route, status }, seconds),
    ran(job, lateSeconds, result) {
      late.observe({ job }, lateSeconds)
      runs.inc({ job, result })
    },
  }
}

const requestSeconds = (registry: Registry) =>
  new Histogram({
    name: `${PREFIX}http_request_seconds`,
    help: 'From the first byte of a request to the head of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: REQUEST_SECONDS,
    registers: [registry],
  })

const jobFigures = (registry: Registry) => ({
  late: new Histogram({
    name: `${PREFIX}tick_late_seconds`,
    help: 'How late a cron line began, in market time.',
    labelNames: ['job'],
    buckets: LATE_SECONDS,
    registers: [registry],
  }),
  runs: new Counter({
    name: `${PREFIX}job_runs_total`,
    help: 'Runs of cron lines by their result.',
    labelNames: ['job', 'result'],
    registers: [registry],
  }),
})

/** A figure that cannot be read now is left out, and the others are told. */
function gaugeOf(registry: Registry, { name, help, labels = [], read }: Reading): void {
  new Gauge({
    name: PREFIX + name,
    help,
    labelNames: labels,
    registers: [registry],
    async collect() {
      this.reset()
      const value = await read().catch(() => null)
      if (value === null) this.remove()
      else for (const each of labelled(value)) this.set(each.labels, each.value)
    },
  })
}

const labelled = (value: number | readonly LabelledValue[]): readonly LabelledValue[] =>
  typeof value === 'number' ? [{ labels: {}, value }] : value

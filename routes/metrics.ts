import type { MiddlewareHandler } from 'hono'
import { getMetrics } from '../openapi/metrics.ts'
import { SECOND_MS } from '../src/market/time.ts'
import type { AppDeps } from './deps.ts'
import type { Env } from './env.ts'
import { type Route, route } from './route.ts'

export const metricsRoutes = ({ metrics }: AppDeps): Route[] => [
  route(getMetrics).to(async () => ({
    status: 200,
    headers: { 'Content-Type': metrics.mediaType },
    raw: await metrics.text(),
  })),
]

/** Counts each request under the pattern of its path, or as `none` where there is nothing. */
export const measure =
  ({ metrics, machine }: Pick<AppDeps, 'metrics' | 'machine'>): MiddlewareHandler<Env> =>
  async (c, next) => {
    const from = machine.now()
    await next()
    const seconds = (machine.now() - from) / SECOND_MS
    metrics.answered({
      method: c.req.method,
      route: c.get('operation')?.path ?? 'none',
      status: c.res.status,
      seconds,
    })
  }

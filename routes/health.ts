import { getLiveness, getReadiness } from '../openapi/health.ts'
import type { AppDeps } from './deps.ts'
import { HttpProblem, retryAfter } from './problem.ts'
import { type Route, route } from './route.ts'

export const healthRoutes = ({ readiness }: AppDeps): Route[] => [
  route(getLiveness).to(async () => ({ status: 200, body: { status: 'live' } })),
  route(getReadiness).to(async () => {
    const reasons = await readiness()
    if (reasons.length === 0) return { status: 200, body: { status: 'ready' } }
    throw new HttpProblem(503, 'The service is not ready.', { reasons, headers: retryAfter(null) })
  }),
]

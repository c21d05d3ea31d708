import { listJobs, runJob } from '../openapi/jobs.ts'
import type { JobView } from '../src/ports/jobs.ts'
import type { AppDeps } from './deps.ts'
import { instantOrNull } from './instants.ts'
import { pageOfAll } from './page.ts'
import { type Route, route } from './route.ts'

export const jobRoutes = ({ jobs }: AppDeps): Route[] => [
  route(listJobs).to(async ({ query }) => {
    const { items, nextCursor } = pageOfAll('jobs', await jobs.list(), query, ({ name }) => name)
    return { status: 200, body: { items: items.map(shown), nextCursor } }
  }),
  route(runJob).to(async ({ params }) => ({ status: 201, body: shown(await jobs.run(params.name)) })),
]

const shown = ({ lastRun, nextRun, ...job }: JobView) => ({
  ...job,
  lastRun: instantOrNull(lastRun),
  nextRun: instantOrNull(nextRun),
})

import { Hono } from 'hono'
import { requestId } from 'hono/request-id'
import { checkOrigin, isSafe } from './access.ts'
import { Admission } from './admission.ts'
import { type Binding, bind } from './bind.ts'
import { afterwards, tellRefused, toldOf } from './commands.ts'
import type { AppDeps } from './deps.ts'
import type { App, AppContext, Env } from './env.ts'
import { securityHeaders } from './headers.ts'
import { IdempotentReplies } from './idempotency.ts'
import { measure } from './metrics.ts'
import { HttpProblem, problemBody, problemOf } from './problem.ts'
import { reportFailure, requestLog } from './report.ts'
import type { Route } from './route.ts'
import { routesOf } from './routes.ts'

/** The whole service over HTTP. */
export function createApp(deps: AppDeps): App {
  const app: App = new Hono<Env>()
  const routes = routesOf(deps)
  const binding = { app, deps, admission: new Admission(deps), replies: new IdempotentReplies(deps) }
  app.use(requestId(), measure(deps), requestLog(deps), securityHeaders, async (c, next) => {
    refuseTwoHosts(c)
    checkOrigin(c.req, deps.access, portOf(c))
    await next()
  })
  for (const route of routes) bind(binding, route)
  app.all('*', (c) => refuse(c, binding, routes))
  app.onError((error, c) => fail(c, binding, error))
  return app
}

/** RFC 9112 §3.2: a proxy may have gone by the one, and we by the other. */
function refuseTwoHosts(c: AppContext): void {
  const names = c.env?.incoming?.rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host')
  if (names !== undefined && names.length > 1) throw new HttpProblem(400, 'There is more than one Host.')
}

/** The port listened on; without a socket (in tests) the one of the URL. */
const portOf = (c: AppContext): number => c.env?.incoming?.socket.localPort ?? Number(new URL(c.req.url).port)

/** A path that no operation has, or a method that none has on it. */
async function refuse(c: AppContext, { admission }: Binding, routes: readonly Route[]): Promise<never> {
  await admission.admit(c, null)
  const here = routes.filter(({ operation }) => patternOf(operation.path).test(c.req.path))
  const methods = here.map(({ operation }) => operation.method.toUpperCase())
  if (methods.length === 0)
    throw new HttpProblem(404, 'There is nothing at this path; /docs lists what there is.')
  const allowed = methods.includes('GET') ? [...methods, 'HEAD'] : methods
  throw new HttpProblem(405, `Allowed here: ${allowed.join(', ')}.`, {
    headers: { Allow: allowed.join(', ') },
  })
}

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+').replaceAll('.', '\\.')}$`)

async function fail(c: AppContext, { deps, admission }: Binding, error: unknown): Promise<Response> {
  const problem = problemOf(error)
  if (problem.status >= 500 && problem !== error) reportFailure(c, deps, error)
  if (isRefusedCommand(c, problem) && admission.mayTellOf(c)) {
    await afterwards(deps, () => tellRefused(deps, toldOf(c), problem.status))
  }
  const headers = { ...problem.extras.headers, 'Content-Type': 'application/problem+json' }
  return c.body(JSON.stringify(problemBody(problem)), problem.status, headers)
}

/** What is refused for who asks, or from where; what else is refused has been let in before. */
const isRefusedCommand = (c: AppContext, { status }: HttpProblem): boolean =>
  !isSafe(c.req.method) && (status === 401 || status === 403 || status === 421)

import { Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { requestId } from 'hono/request-id'
import type { Clock } from '../src/market/time.ts'
import { acceptRequest } from './accept.ts'
import { accessOf, checkOrigin, checkToken } from './access.ts'
import type { AppDeps } from './deps.ts'
import type { App, AppContext, Env } from './env.ts'
import { securityHeaders } from './headers.ts'
import { IdempotentReplies } from './idempotency.ts'
import { measure } from './metrics.ts'
import { HttpProblem, problemBody, problemOf } from './problem.ts'
import { replyOf, send, sendReply } from './reply.ts'
import { reportFailure, requestLog } from './report.ts'
import type { Route } from './route.ts'
import { routesOf } from './routes.ts'

/** The whole service over HTTP. */
export function createApp(deps: AppDeps): App {
  const app: App = new Hono<Env>()
  const routes = routesOf(deps)
  const replies = new IdempotentReplies(deps.stores.idempotency)
  app.use(requestId(), measure(deps), requestLog(deps), securityHeaders, async (c, next) => {
    checkOrigin(c.req, deps.access, portOf(c))
    await next()
  })
  for (const route of routes) bind(app, deps, replies, route)
  app.all('*', (c) => refuse(c, deps, routes))
  app.onError((error, c) => fail(c, deps, error))
  return app
}

/** The port listened on; without a socket (in tests) the one of the URL. */
const portOf = (c: AppContext): number => c.env?.incoming?.socket.localPort ?? Number(new URL(c.req.url).port)

const limitBody = (maxSize: number): MiddlewareHandler<Env> =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw new HttpProblem(413, `A body may have ${maxSize} bytes here.`)
    },
  })

function bind(app: App, deps: AppDeps, replies: IdempotentReplies, { operation, handle }: Route): void {
  const path = operation.path.replace(/\{(\w+)\}/g, ':$1')
  const admit: MiddlewareHandler<Env> = async (c, next) => {
    c.set('pattern', operation.path)
    await checkToken(c.req, deps, operation.access)
    await next()
  }
  const limit: MiddlewareHandler<Env> = operation.upload === null ? limitBody(operation.bodyBytes) : letPass
  app.on(operation.method.toUpperCase(), path, admit, limit, async (c) => {
    const bytes = operation.upload === null ? await bytesOf(c, deps.machine) : new Uint8Array()
    const asked = acceptRequest(operation, c, bytes)
    const key = operation.idempotent ? c.req.header('idempotency-key') : undefined
    if (key === undefined) return send(c, operation, await handle(asked), (error) => cut(c, deps, error))
    const request = { route: `${c.req.method} ${c.req.path}`, key, bytes }
    return sendReply(c, await replies.reply(request, async () => replyOf(await handle(asked))))
  })
}

/** An upload may be long, and its work too: nothing moves on the connection meanwhile. */
const letPass: MiddlewareHandler<Env> = (c, next) => {
  c.env?.incoming?.socket.setTimeout(UPLOAD_MS)
  return next()
}

const UPLOAD_MS = 15 * 60_000

/** What is not an upload is small: a client that takes longer to send it only holds a connection. */
const BODY_MS = 15_000

async function bytesOf({ req, env }: AppContext, machine: Clock): Promise<Uint8Array> {
  if (req.method === 'GET' || req.method === 'HEAD') return new Uint8Array()
  const disarm = machine.after(BODY_MS, () => env?.incoming?.destroy())
  return new Uint8Array(await req.arrayBuffer().finally(disarm))
}

/** Ends an answer that has begun in a way that nobody takes for its end. */
function cut(c: AppContext, deps: AppDeps, error: unknown): void {
  reportFailure(c, deps, error)
  if (c.env?.outgoing === undefined) throw error
  c.env.outgoing.destroy()
}

/** A path that no operation has, or a method that none has on it. */
async function refuse(c: AppContext, deps: AppDeps, routes: readonly Route[]): Promise<never> {
  await checkToken(c.req, deps, accessOf(c.req.method))
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

function fail(c: AppContext, deps: AppDeps, error: unknown): Response {
  const problem = problemOf(error)
  if (problem.status >= 500 && problem !== error) reportFailure(c, deps, error)
  const headers = { ...problem.extras.headers, 'Content-Type': 'application/problem+json' }
  return c.body(JSON.stringify(problemBody(problem)), problem.status, headers)
}

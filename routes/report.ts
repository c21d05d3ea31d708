import type { MiddlewareHandler } from 'hono'
import { isRetryable } from '../src/errors.ts'
import type { AppDeps } from './deps.ts'
import type { AppContext, Env } from './env.ts'

const MOST_CHARACTERS = 200

const fieldsOf = (c: AppContext) => ({
  requestId: c.get('requestId'),
  method: c.req.method,
  path: c.req.path.slice(0, MOST_CHARACTERS),
})

/** One line a request. */
export const requestLog =
  ({ machine, log }: Pick<AppDeps, 'machine' | 'log'>): MiddlewareHandler<Env> =>
  async (c, next) => {
    const from = machine.now()
    await next()
    log.debug({ ...fieldsOf(c), status: c.res.status, ms: machine.now() - from }, 'answered')
  }

/** What failed on our side: the client is told nothing of it but the request id. */
export function reportFailure(c: AppContext, { log }: Pick<AppDeps, 'log'>, error: unknown): void {
  const fields = { ...fieldsOf(c), err: error }
  if (isRetryable(error)) log.warn(fields, 'a request found something down')
  else log.error(fields, 'a request failed')
}

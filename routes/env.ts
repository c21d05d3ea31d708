import type { HttpBindings } from '@hono/node-server'
import type { Context, Hono } from 'hono'
import type { RequestIdVariables } from 'hono/request-id'
import type { Operation } from '../openapi/operation.ts'
import type { Token } from '../src/ports/tokens.ts'

/**
 * What every request carries: its id, the operation that answers it, the token that it needed and showed, and the
 * socket's two sides where there is one (not in tests of the app alone).
 */
export interface Env {
  Bindings: Partial<HttpBindings>
  Variables: RequestIdVariables & { operation?: Operation; actor?: Token }
}

export type App = Hono<Env>
export type AppContext = Context<Env>

import type { HttpBindings } from '@hono/node-server'
import type { Context, Hono } from 'hono'
import type { RequestIdVariables } from 'hono/request-id'

/** What every request carries: its id, and the socket's two sides where there is one (not in tests of the app alone). */
export interface Env {
  Bindings: Partial<HttpBindings>
  Variables: RequestIdVariables & {
    /** The path of the operation that answers, with its parameters in braces; unset where there is none. */
    pattern?: string
  }
}

export type App = Hono<Env>
export type AppContext = Context<Env>

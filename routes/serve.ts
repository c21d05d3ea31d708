import { createServer, type Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import { messageOf, refused } from '../src/errors.ts'
import type { Log } from '../src/log.ts'
import type { App } from './env.ts'

export interface ListenOptions {
  readonly app: App
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  readonly log: Log
}

export interface Listening {
  /** `host:port`, as it stands in a URL. */
  readonly address: string
  /** Takes no more requests, gives those under way a moment, then cuts them off. */
  close(): Promise<void>
}

const LIMITS = {
  headersTimeout: 5_000,
  /** An upload may take as long; the app gives other bodies less. */
  requestTimeout: 15 * 60_000,
  /** A connection on which nothing moves; longer than the broker may take to answer a job that a client has started. */
  timeout: 90_000,
  keepAliveTimeout: 5_000,
  /** Half of them may follow the events. */
  maxConnections: 512,
} as const

/** Past this, streams that are still open are cut. */
const GRACE_MS = 500
const LOOK_EVERY_MS = 1_000

/** Serves an app. Rejects with one sentence when the address cannot be had. */
export async function listen({ app, host, port, log }: ListenOptions): Promise<Listening> {
  // How often Node looks for requests that have outlived their time-outs: 30 s by default.
  const options = { connectionsCheckingInterval: LOOK_EVERY_MS, headersTimeout: LIMITS.headersTimeout }
  const server = createAdaptorServer({ fetch: app.fetch, createServer, serverOptions: options }) as Server
  Object.assign(server, LIMITS)
  await bound(server, host.replace(/^\[(.*)\]$/, '$1'), port)
  server.on('error', (error) => log.error({ error: messageOf(error) }, 'the HTTP server failed'))
  const {
    address,
    family,
    port: taken,
  } = server.address() as Exclude<ReturnType<Server['address']>, string | null>
  return {
    address: `${family === 'IPv6' ? `[${address}]` : address}:${taken}`,
    close: () => closed(server),
  }
}

function bound(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) =>
      reject(refused(sentenceOf(error, host, port), { cause: error }))
    server.once('error', fail)
    server.listen(port, host, () => {
      server.off('error', fail)
      resolve()
    })
  })
}

const SENTENCES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there; set PORT to a free one, or to 0 for any',
  EADDRNOTAVAIL: 'this machine has no such address; set HOST to one of its own',
  ENOTFOUND: 'the name of HOST is not known',
  EACCES: 'this user may not listen there; set PORT to 1024 or more',
}

const sentenceOf = (error: NodeJS.ErrnoException, host: string, port: number): string =>
  `The API cannot listen on ${host}:${port}: ${SENTENCES[error.code ?? ''] ?? messageOf(error)}.`

async function closed(server: Server): Promise<void> {
  const ended = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const cut = AbortSignal.timeout(GRACE_MS)
  cut.addEventListener('abort', () => server.closeAllConnections(), { once: true })
  await ended
}

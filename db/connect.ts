import { Pool, type PoolConfig } from 'pg'
import { refused } from '../src/errors.ts'
import type { Log } from '../src/log.ts'
import { guarded } from './errors.ts'

/**
 * `jobs` may wait for a slow statement, `api` may not; `trading` waits for nobody, `queue` takes durable jobs,
 * `webhooks` those that deliver, `deliveries` keeps what became of them, `imports` takes files, `research` backtests.
 */
const PURPOSES = {
  api: { max: 4, statement_timeout: 5_000 },
  jobs: { max: 6, statement_timeout: 30_000 },
  trading: { max: 2, statement_timeout: 5_000 },
  queue: { max: 3, statement_timeout: 30_000 },
  webhooks: { max: 8, statement_timeout: 30_000 },
  deliveries: { max: 8, statement_timeout: 30_000 },
  imports: { max: 1, statement_timeout: 60_000 },
  research: { max: 3, statement_timeout: 30_000 },
  migrations: { max: 2, lock_timeout: 60_000 },
} as const

interface PoolOptions {
  readonly url: string
  readonly purpose: keyof typeof PURPOSES
  readonly log: Log
}

/** Connection settings that every client shares. The driver's own defaults wait for ever. */
export const clientConfig = (url: string, purpose: string) =>
  ({
    connectionString: url,
    application_name: `ibkr-pivot-engine ${purpose}`,
    options: '-c timezone=UTC',
    connectionTimeoutMillis: 3_000,
    lock_timeout: 10_000,
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  }) satisfies PoolConfig

/** A small pool. A client that breaks is logged and replaced: without listeners it would end the process. */
export function openPool({ url, purpose, log }: PoolOptions): Pool {
  const pool = new Pool({ ...clientConfig(url, purpose), ...PURPOSES[purpose] })
  const tell = (error: Error) =>
    log.warn({ pool: purpose, error: error.message }, 'a connection to the database broke')
  pool.on('error', tell) // while it is idle
  pool.on('connect', (client) => client.on('error', tell)) // while it is used
  return pool
}

const OLDEST_VERSION = 150_000

/** Settings under which an acknowledged commit outlives a power cut, and what each must not be. */
const DURABILITY = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' } as const

/** Refuses a server that is too old, or that may forget what it acknowledged. Names the setting. */
export const checkServer = (pool: Pool): Promise<void> => guarded({ run: () => check(pool) }).run()

async function check(pool: Pool): Promise<void> {
  const names = [...Object.keys(DURABILITY), 'server_version_num']
  const { rows } = await pool.query<{ name: string; setting: string }>(
    'select name, setting from pg_settings where name = any($1)',
    [names],
  )
  const settings = new Map(rows.map(({ name, setting }) => [name, setting]))
  if (Number(settings.get('server_version_num')) < OLDEST_VERSION) {
    throw refused('the database is older than PostgreSQL 15')
  }
  for (const [name, forbidden] of Object.entries(DURABILITY)) {
    if (settings.get(name) !== forbidden) continue
    throw refused(
      `the database runs with ${name} = ${forbidden} and may lose what it has acknowledged: set it to on`,
    )
  }
}

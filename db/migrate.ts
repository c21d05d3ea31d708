import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate as runPending } from 'drizzle-orm/node-postgres/migrator'
import { runMigrations as migrateQueue } from 'graphile-worker'
import type { ClientBase, Pool, PoolClient } from 'pg'
import { refused } from '../src/errors.ts'
import type { Log } from '../src/log.ts'
import { openPool } from './connect.ts'
import { guarded } from './errors.ts'
import { LOCK_SPACE, LOCKS } from './locks.ts'
import { queueLogger } from './queueLog.ts'

interface MigrateDeps {
  readonly url: string
  readonly log: Log
}

/** Beside this file, or, once compiled, beside its source: SQL is not copied. */
const FOLDER = ['./migrations', '../../db/migrations']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find(existsSync)!

/**
 * Brings the schema and the queue's up to date. Whoever starts first does it, the others wait. Rejects with `refused`
 * when the database was migrated by newer code.
 */
export async function migrate(deps: MigrateDeps): Promise<void> {
  const pool = openPool({ ...deps, purpose: 'migrations' })
  try {
    await guarded({ run: () => migrateAlone(pool, deps.log) }).run()
  } finally {
    await pool.end()
  }
}

async function migrateAlone(pool: Pool, log: Log): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('select pg_advisory_lock($1, $2)', [LOCK_SPACE, LOCKS.migrations])
    await refuseNewer(client)
    await runPending(drizzle(client), { migrationsFolder: FOLDER })
    await migrateQueue({ pgPool: pool, logger: queueLogger(log) })
  } finally {
    client.release(true) // closing the connection frees the lock
  }
}

async function refuseNewer(client: PoolClient): Promise<void> {
  const applied = await lastApplied(client)
  const known = await lastKnown()
  if (applied <= known) return
  throw refused(
    'the database was migrated by a newer version of this program: start that version, or another database',
  )
}

/** Migrations are known by the instant at which they were generated; 0 when there is none. */
export async function lastApplied(client: ClientBase): Promise<number> {
  const table = 'drizzle.__drizzle_migrations'
  const exists = await client.query('select to_regclass($1) as name', [table])
  if (exists.rows[0].name === null) return 0
  const { rows } = await client.query(`select coalesce(max(created_at), 0)::float8 as last from ${table}`)
  return rows[0].last
}

async function lastKnown(): Promise<number> {
  const journal = JSON.parse(await readFile(`${FOLDER}/meta/_journal.json`, 'utf8'))
  return journal.entries.at(-1).when
}

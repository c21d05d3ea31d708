import { randomBytes } from 'node:crypto'
import { Client, type Pool } from 'pg'
import { inject } from 'vitest'
import { openPool } from '../../db/connect.ts'
import { openStores } from '../../db/stores.ts'
import { machineClock } from '../../src/clock/machine.ts'
import { createLog } from '../../src/log.ts'
import type { Stores } from '../../src/ports/stores.ts'

export interface TestDatabase {
  readonly url: string
  readonly pool: Pool
  readonly stores: Stores
  drop(): Promise<void>
}

/** A migrated database of its own, with the stores on it. */
export async function testDatabase(): Promise<TestDatabase> {
  const templateUrl = inject('templateUrl')
  const url = await createDatabase(templateUrl, nameOf(templateUrl))
  const pool = openPool({ url, purpose: 'jobs', log: createLog('error') })
  const drop = async () => {
    if (!pool.ended) await pool.end()
    await dropDatabase(url)
  }
  return { url, pool, stores: openStores(pool, { clock: machineClock, random: Math.random }), drop }
}

/** Makes a database on the server of `url`, empty unless a template is named. Resolves with its url. */
export async function createDatabase(url: string, template = 'template1'): Promise<string> {
  const name = `test_${randomBytes(6).toString('hex')}`
  await administer(url, `create database ${name} template ${template}`)
  return withName(url, name)
}

export const dropDatabase = (url: string): Promise<void> =>
  administer(url, `drop database if exists ${nameOf(url)} with (force)`)

async function administer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: withName(url, 'postgres') })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}

const nameOf = (url: string): string => new URL(url).pathname.slice(1)

function withName(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = name
  return changed.href
}

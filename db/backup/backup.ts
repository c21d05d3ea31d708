import { copyFile, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { refused } from '../../src/errors.ts'
import { clientConfig } from '../connect.ts'
import { lastApplied } from '../migrate.ts'
import { copyOut } from './copy.ts'
import { fileOf, type Manifest, writeManifest } from './manifest.ts'
import { SECRETS } from './secrets.ts'
import { partitionsOf, sequencesOf, tablesOf } from './tables.ts'

export interface BackupTask {
  readonly url: string
  /** Is made; must not exist, or be empty. */
  readonly folder: string
  /** Where the token and the keys lie. */
  readonly dataDir: string
}

/**
 * Writes everything that is kept into a folder, as of one moment, while the service goes on. The durable queue is left
 * out: what waits in it is put there again by the rows that it was made from.
 */
export async function backup({ url, folder, dataDir }: BackupTask): Promise<Manifest> {
  await makeEmpty(folder)
  const client = new Client({ ...clientConfig(url, 'backup'), idle_in_transaction_session_timeout: 0 })
  await client.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    const manifest = { ...(await copied(client, folder)), secrets: await keep(dataDir, folder) }
    await client.query('commit')
    await writeManifest(folder, manifest)
    return manifest
  } finally {
    await client.end()
  }
}

async function makeEmpty(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if ((await readdir(folder)).length > 0) throw refused(`${folder} is not empty: name another folder`)
}

async function copied(client: Client, folder: string): Promise<Omit<Manifest, 'secrets'>> {
  const migration = await lastApplied(client)
  if (migration === 0) throw refused('there is nothing of this program in the database')
  const tables: Manifest['tables'][number][] = []
  for (const table of await tablesOf(client)) {
    tables.push({ ...table, ...(await copyOut(client, table, fileOf(folder, table))) })
  }
  const { rows } = await client.query<{ now: Date }>('select now()')
  const [partitions, sequences] = [await partitionsOf(client), await sequencesOf(client)]
  return { format: 1, migration, madeAt: rows[0]!.now.toISOString(), tables, partitions, sequences }
}

/** The token and the keys, where they are: without them what is encrypted in the database is lost. */
async function keep(dataDir: string, folder: string): Promise<string[]> {
  const there = (await readdir(dataDir).catch(() => [])).filter((name) => SECRETS.includes(name))
  for (const name of there) await copyFile(join(dataDir, name), join(folder, name))
  return there
}

import { constants, copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { refused } from '../../src/errors.ts'
import type { Log } from '../../src/log.ts'
import { clientConfig } from '../connect.ts'
import { lastApplied, migrate } from '../migrate.ts'
import type { BackupTask } from './backup.ts'
import { copyIn, digestOf } from './copy.ts'
import { fileOf, type Manifest, readManifest } from './manifest.ts'
import { tablesOf } from './tables.ts'

/**
 * Reads a backup into an empty database, compares every table with what the backup says of it, and only then commits:
 * all of it is there afterwards, or nothing. Rejects with `refused` anything else.
 */
export async function restore({ url, folder, dataDir }: BackupTask, log: Log): Promise<Manifest> {
  const manifest = await readManifest(folder)
  await migrate({ url, log })
  const client = new Client({ ...clientConfig(url, 'restore'), idle_in_transaction_session_timeout: 0 })
  await client.connect()
  try {
    await client.query('begin')
    await fill(client, folder, manifest)
    await client.query('commit')
  } finally {
    await client.end()
  }
  await putBack(manifest, folder, dataDir)
  return manifest
}

async function fill(client: Client, folder: string, manifest: Manifest): Promise<void> {
  await refuseOther(client, manifest)
  for (const { name, parent, bound } of manifest.partitions) {
    await client.query(`create table if not exists ${name} partition of ${parent} ${bound}`)
  }
  for (const table of manifest.tables) await copyIn(client, table, fileOf(folder, table))
  for (const { name, last } of manifest.sequences) await client.query('select setval($1, $2)', [name, last])
  for (const table of manifest.tables) {
    const found = await digestOf(client, table)
    if (found.rows === table.rows && found.sha256 === table.sha256) continue
    throw refused(`${table.name} does not come out as it was backed up: nothing was restored`)
  }
}

/** The schema must be the backup's own, and hold nothing yet. */
async function refuseOther(client: Client, { migration, tables }: Manifest): Promise<void> {
  if ((await lastApplied(client)) !== migration)
    throw refused(
      'the backup was made by another version of this program: restore it with that version, then start this one',
    )
  const present = await tablesOf(client)
  if (present.map(({ name }) => name).join() !== tables.map(({ name }) => name).join())
    throw refused('the tables of the backup are not those of this version')
  for (const { name } of present) {
    const { rowCount } = await client.query(`select from ${name} limit 1`)
    if (rowCount) throw refused(`the database is not empty: ${name} has rows. Nothing was restored`)
  }
}

/** What lies in DATA_DIR already stays. */
async function putBack({ secrets }: Manifest, folder: string, dataDir: string): Promise<void> {
  await mkdir(dataDir, { recursive: true })
  for (const name of secrets) {
    await copyFile(join(folder, name), join(dataDir, name), constants.COPYFILE_EXCL).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error
      },
    )
  }
}

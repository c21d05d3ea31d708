import { createReadStream, createWriteStream } from 'node:fs'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import type { ClientBase } from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { type Digest, digesting } from './digest.ts'
import type { Table } from './tables.ts'

/** Most of a table is numbers: harder compression takes longer than it saves. */
const GZIP = { level: 1 }

/** Writes the rows of a table to a compressed file. */
export async function copyOut(client: ClientBase, table: Table, file: string): Promise<Digest> {
  const { through, digest } = digesting()
  await pipeline(reader(client, table), through, createGzip(GZIP), createWriteStream(file, { mode: 0o600 }))
  return digest()
}

/** Reads the rows of a compressed file into a table. */
export async function copyIn(client: ClientBase, table: Table, file: string): Promise<void> {
  const writer = client.query(copyFrom(`copy ${table.name} (${table.columns.join(', ')}) from stdin`))
  await pipeline(createReadStream(file), createGunzip(), writer)
}

/** What is in a table now. */
export async function digestOf(client: ClientBase, table: Table): Promise<Digest> {
  const { through, digest } = digesting()
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  await pipeline(reader(client, table), through, nowhere)
  return digest()
}

function reader(client: ClientBase, { name, columns, key }: Table) {
  const order = key.length > 0 ? `order by ${key.join(', ')}` : ''
  return client.query(copyTo(`copy (select ${columns.join(', ')} from ${name} ${order}) to stdout`))
}

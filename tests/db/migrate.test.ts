import { Client } from 'pg'
import { expect, inject, onTestFinished, test } from 'vitest'
import { migrate } from '../../db/migrate.ts'
import { createLog } from '../../src/log.ts'
import { testDatabase } from '../support/database.ts'
import { createDatabase, dropDatabase } from '../support/databases.ts'

const log = createLog('error')

async function emptyDatabase(): Promise<string> {
  const url = await createDatabase(inject('templateUrl'))
  onTestFinished(() => dropDatabase(url))
  return url
}

async function query(url: string, statement: string): Promise<unknown[][]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query({ text: statement, rowMode: 'array' }).finally(() => client.end())
  return rows
}

test.each([1, 2, 3])('five starts at once on an empty database all succeed (round %i)', async () => {
  const url = await emptyDatabase()
  await Promise.all(Array.from({ length: 5 }, () => migrate({ url, log })))
  const applied = await query(url, 'select count(*)::int from drizzle.__drizzle_migrations group by hash')
  expect(applied.length).toBeGreaterThan(0)
  expect(applied.flat().every((times) => times === 1)).toBe(true)
  expect(await query(url, "select to_regclass('graphile_worker.jobs') is not null")).toEqual([[true]])
})

test('a migrated database is left as it is', async () => {
  const { url, drop } = await testDatabase()
  onTestFinished(drop)
  const schema = 'select table_name, column_name, data_type from information_schema.columns order by 1, 2'
  const before = await query(url, schema)
  await migrate({ url, log })
  expect(await query(url, schema)).toEqual(before)
})

test('a schema newer than the code is refused', async () => {
  const { url, drop } = await testDatabase()
  onTestFinished(drop)
  await query(
    url,
    "insert into drizzle.__drizzle_migrations (hash, created_at) values ('later', 4102444800000)",
  )
  await expect(migrate({ url, log })).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringContaining('newer version of this program'),
  })
})

test('a database that is not there is refused in a sentence', async () => {
  const url = new URL(inject('templateUrl'))
  url.pathname = 'nowhere'
  await expect(migrate({ url: url.href, log })).rejects.toMatchObject({
    kind: 'refused',
    message: 'the database named in DATABASE_URL does not exist',
  })
})

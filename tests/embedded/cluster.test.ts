import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ask, scratchFolder, start } from './support.ts'

test('a row is there again after a stop and a start', async () => {
  const dataDir = join(await scratchFolder(), 'new', 'data')
  const first = await start({ dataDir })
  await ask(first.url, 'create table row as select 7 as id')
  await first.stop()
  const second = await start({ dataDir })
  expect(await ask(second.url, 'select id from row')).toEqual({ id: 7 })
  expect([first.created, second.created]).toEqual([true, false])
  expect(second.directory).toBe(join(dataDir, 'postgres'))
})

test('the server is durable, speaks UTC and listens on loopback alone', async () => {
  const { url } = await start({ dataDir: await scratchFolder() })
  const expected = {
    data_checksums: 'on',
    fsync: 'on',
    full_page_writes: 'on',
    listen_addresses: '127.0.0.1',
    server_encoding: 'UTF8',
    synchronous_commit: 'on',
    TimeZone: 'UTC',
    unix_socket_directories: '',
  }
  const names = Object.keys(expected).join(',')
  const sql = `select json_object_agg(name, setting) as settings from pg_settings where name = any('{${names}}')`
  expect(await ask(url, sql)).toEqual({ settings: expected })
})

test('a wrong password is turned away', async () => {
  const { url } = await start({ dataDir: await scratchFolder() })
  const wrong = new URL(url)
  wrong.password = 'guess'
  await expect(ask(wrong.href, 'select 1')).rejects.toThrow('password authentication failed')
})

test('a stop takes less than three seconds while statements run', async () => {
  const cluster = await start({ dataDir: await scratchFolder() })
  const busy = expect(ask(cluster.url, 'select pg_sleep(60)')).rejects.toThrow()
  const asked = performance.now()
  await cluster.stop()
  expect(performance.now() - asked).toBeLessThan(3_000)
  await busy
})

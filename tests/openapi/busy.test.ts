import { expect, test } from 'vitest'
import type { Log } from '../../src/log.ts'
import { appOf, depsOf, TOKEN } from './memory.ts'

const MOST = 256
const BACKFILL = '/v1/backfills/0b3e4c1a-5f0e-4a52-9f0c-6f3f5f1f8a11'

/** An app whose instruments are not told before `release`, and that many questions about them under way. */
async function full() {
  let release = (): void => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const lines: unknown[] = []
  const note = (...line: unknown[]) => void lines.push(line)
  const log: Log = { debug: () => {}, info: note, warn: note, error: note, child: () => log }
  const { stores } = depsOf()
  const list = async () => released.then(() => [])
  const app = appOf({ log, stores: { ...stores, instruments: { ...stores.instruments, list } } })
  const asked = Array.from({ length: MOST }, () => app.request('/v1/instruments'))
  await new Promise((resolve) => setImmediate(resolve))
  return { app, asked, lines, release }
}

test('one question more than may be is told to come back, at once and without a line in the log', async () => {
  const { app, asked, lines, release } = await full()
  const turnedAway = await app.request('/v1/orders')
  expect([turnedAway.status, turnedAway.headers.get('retry-after')]).toEqual([503, '1'])
  expect(await turnedAway.json()).toMatchObject({ status: 503, detail: expect.stringContaining('busy') })
  expect(lines).toEqual([])
  release()
  expect((await Promise.all(asked)).every(({ status }) => status === 200)).toBe(true)
  expect((await app.request('/v1/orders')).status).toBe(200)
})

test('a command, health, the figures and followers are answered all the same', async () => {
  const { app, asked, release } = await full()
  for (const path of ['/health/live', '/health/ready', '/metrics'])
    expect([path, (await app.request(path)).status]).toEqual([path, 200])
  expect((await app.request('/v1/events')).status).toBe(500) // its stand-in says that it was not asked for
  const headers = { authorization: `Bearer ${TOKEN}` }
  expect((await app.request(BACKFILL, { method: 'DELETE', headers })).status).toBe(404)
  release()
  await Promise.all(asked)
})

import { expect, test } from 'vitest'
import { archiveSeconds } from '../../jobs/archiveSeconds.ts'
import { prepareMonths } from '../../jobs/prepareMonths.ts'
import { BarSeries } from '../../src/market/series.ts'
import { DAY_MS, parseInstant, plus } from '../../src/market/time.ts'
import type { Storage } from '../../src/ports/storage.ts'
import { bar, EVENING } from '../support/bars.ts'
import { manualClock } from '../support/manualClock.ts'
import { served, withBars } from './served.ts'

const { ask, stores, deps } = await served(() => ({ retentionDays: 90 }))
const storage = deps.storage as Storage
const days = Array.from({ length: 14 }, (_, day) => ({ ...bar(0), time: plus(EVENING, day * DAY_MS) }))
await withBars(stores, BarSeries.of(days), [])

test('every table is told with its bytes, largest first, and what 30 and 365 days add', async () => {
  const { body } = await ask.get('/v1/storage')
  const bytes = body.tables.map((table: { bytes: number }) => table.bytes)
  expect(bytes).toEqual([...bytes].sort((a: number, b: number) => b - a))
  expect(body.tables.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining(['second_bars', 'bars', 'rollups', 'coverage', 'archives']),
  )
  expect(body.bytes).toBeGreaterThan(bytes[0])
  expect(body.retentionDays).toBe(90)
  const { bytesPerDay, bytesIn30Days, bytesIn365Days } = body.forecast
  expect(bytesPerDay).toBe(105)
  expect(bytesIn30Days - body.bytes).toBe(30 * 105)
  expect(bytesIn365Days - body.bytes).toBe(90 * 105 + 275 * 8)
})

test('months older than RETENTION are archived at night, and none without it', async () => {
  const at = (text: string) => ({ storage, market: manualClock(parseInstant(text)) })
  const signal = new AbortController().signal
  expect(await archiveSeconds(at('2030-01-01T00:00:00Z'), null).run(signal)).toContain('RETENTION is not set')
  expect(await archiveSeconds(at('2014-02-28T06:00:00Z'), 31).run(signal)).toBe('no month is old enough')
  expect(await archiveSeconds(at('2014-03-04T06:00:00Z'), 31).run(signal)).toBe('1 seconds of 1 days')
  expect(await archiveSeconds(at('2014-04-04T06:00:00Z'), 31).run(signal)).toBe('13 seconds of 13 days')
  const { body } = await ask.get('/v1/storage')
  expect(body.seconds).toMatchObject({ archived: 14, archivedDays: 14 })
})

test('the months to come have their partitions ahead', async () => {
  const market = manualClock(parseInstant('2031-11-20T00:00:00Z'))
  await prepareMonths({ storage, market }).run(new AbortController().signal)
  const { body } = await ask.get('/v1/storage')
  expect(body.tables.find(({ name }: { name: string }) => name === 'second_bars').bytes).toBeGreaterThan(0)
  await prepareMonths({ storage, market }).run(new AbortController().signal)
})

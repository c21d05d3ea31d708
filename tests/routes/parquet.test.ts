import { createAdaptorServer } from '@hono/node-server'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import request from 'supertest'
import { expect, test } from 'vitest'
import { BarSeries } from '../../src/market/series.ts'
import { bar, secondAt } from '../support/bars.ts'
import { served, withBars } from './served.ts'

const PARQUET = 'application/vnd.apache.parquet'

const { app, stores } = await served()
const every = Array.from({ length: 120_500 }, (_, i) =>
  bar(i, { volume: i, vwap: i % 7 ? 178.1234 : null, tradeCount: i % 5 ? i : null }),
)
await withBars(stores, BarSeries.of(every), [])

/** The file as any reader of the format takes it. */
async function fileOf(query: string) {
  const answer = await request(createAdaptorServer({ fetch: app.fetch }))
    .get(`/v1/bars?symbol=SPY${query}`)
    .set('accept', PARQUET)
    .responseType('blob')
  expect(answer.headers['content-type']).toBe(PARQUET)
  return new Uint8Array(answer.body).buffer
}

test('a Parquet file holds every bar of the range, in groups', async () => {
  const file = await fileOf('')
  const { num_rows, row_groups } = parquetMetadata(file)
  expect([num_rows, row_groups.length]).toEqual([120_500n, 2])
  const rows = await parquetReadObjects({ file, rowStart: 99_990, rowEnd: 100_010 })
  expect(rows).toEqual(
    every.slice(99_990, 100_010).map(({ time, volume, tradeCount, ...rest }) => ({
      ...rest,
      time: new Date(time),
      volume: BigInt(volume),
      tradeCount: tradeCount === null ? null : BigInt(tradeCount),
    })),
  )
})

test('a limit ends the file, and a range without bars is a file without rows', async () => {
  expect(parquetMetadata(await fileOf('&limit=3')).num_rows).toBe(3n)
  const empty = await fileOf(
    `&from=${new Date(secondAt(-100)).toISOString()}&to=${new Date(secondAt(0)).toISOString()}`,
  )
  expect(parquetMetadata(empty).num_rows).toBe(0n)
})

test('candles are no Parquet', async () => {
  const answer = await app.request('/v1/candles?symbol=SPY&size=5m', { headers: { accept: PARQUET } })
  expect(answer.headers.get('content-type')).toBe('application/json')
})

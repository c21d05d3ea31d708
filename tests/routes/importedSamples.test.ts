import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { barImports } from '../../src/imports/importBars.ts'
import { parseInstant } from '../../src/market/time.ts'
import type { Storage } from '../../src/ports/storage.ts'
import { spy } from '../support/bars.ts'
import { manualClock } from '../support/manualClock.ts'
import { golden, haveSamples, samplePath, WITHOUT_SAMPLES } from '../support/samples.ts'
import { AUTHORIZED, served } from './served.ts'

const market = manualClock(parseInstant('2020-01-01T00:00:00Z'))
const { ask, stores, deps } = await served(({ stores, storage }) => ({
  market,
  imports: barImports({ stores, storage: storage as Storage, market }),
}))
await stores.instruments.save(spy)

async function send(name: string, size: string) {
  const answer = await ask
    .post(`/v1/bars/imports?symbol=SPY&size=${size}`)
    .set({ ...AUTHORIZED, 'content-type': 'text/csv', 'content-encoding': 'gzip' })
    .send(readFileSync(samplePath(name)))
  expect(answer.status).toBe(200)
  return answer.body
}

const linesOf = (name: string) =>
  gunzipSync(readFileSync(samplePath(name)))
    .toString()
    .trim()
    .split('\n')
    .slice(1)

async function csv(path: string) {
  const { text } = await ask.get(path).set('accept', 'text/csv')
  return text.split('\n').slice(1, -1)
}

describe.skipIf(!haveSamples)(`real files (skipped where ${WITHOUT_SAMPLES})`, () => {
  test('hours of seventeen years come back as they were sent, also as candles', async () => {
    const lines = linesOf('SPY-1h-1998-2015.csv.gz')
    expect(await send('SPY-1h-1998-2015.csv.gz', '1h')).toMatchObject({
      received: lines.length,
      inserted: lines.length,
    })
    expect(await send('SPY-1h-1998-2015.csv.gz', '1h')).toMatchObject({ unchanged: lines.length })
    expect(await csv('/v1/bars?symbol=SPY&size=1h')).toEqual(lines.map((line) => `${line},,`))
    const candles = await csv('/v1/candles?symbol=SPY&base=1h&size=1h&align=clock&session=all')
    expect(candles.map((line) => line.split(',').slice(0, 6).join())).toEqual(lines)
    expect(candles.filter((line) => !line.endsWith(',true,1,false'))).toEqual([])
  })

  test('five-minute candles of imported seconds are the golden ones, archived or not', async () => {
    for (const day of ['07', '08', '09']) await send(`SPY-1s-201310${day}.csv.gz`, '1s')
    const { candles } = golden('candles-5m-rth-201310.json') as { candles: unknown[][] }
    const read = async (base: string) =>
      (await csv(`/v1/candles?symbol=SPY&size=5m${base}`)).map((line) => line.split(',').slice(0, 6).join())
    expect(await read('')).toEqual(candles.map((candle) => candle.join()))
    const before = await csv('/v1/bars?symbol=SPY')
    const { archive } = deps.storage as unknown as { archive(before: number): Promise<{ seconds: number }> }
    expect((await archive(market.now())).seconds).toBe(before.length)
    expect(await csv('/v1/bars?symbol=SPY')).toEqual(before)
    expect(await read('')).toEqual(candles.map((candle) => candle.join()))
    const { body } = await ask.get('/v1/storage')
    expect(body.seconds).toEqual({ rows: 0, archived: before.length, archivedDays: 3 })
    const { bytes } = body.tables.find(({ name }: { name: string }) => name === 'archives')
    expect(bytes / before.length).toBeLessThan(16)
  })
})

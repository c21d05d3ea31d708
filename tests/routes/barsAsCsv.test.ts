import { get, type IncomingMessage } from 'node:http'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { openPool } from '../../db/connect.ts'
import { openStorage } from '../../db/storage.ts'
import { openStores } from '../../db/stores.ts'
import { createApp } from '../../routes/app.ts'
import { listen } from '../../routes/serve.ts'
import { machineClock } from '../../src/clock/machine.ts'
import { createLog } from '../../src/log.ts'
import type { BarSize } from '../../src/market/barSize.ts'
import type { Instrument } from '../../src/market/instrument.ts'
import { type Bar, BarSeries } from '../../src/market/series.ts'
import { DAY_MS, isoInstant, plus } from '../../src/market/time.ts'
import type { Stores } from '../../src/ports/stores.ts'
import { depsOf } from '../openapi/memory.ts'
import { bar, EVENING, secondAt, spy } from '../support/bars.ts'
import { until } from '../support/client.ts'
import { testDatabase } from '../support/database.ts'

const { pool: admin, url, stores: all, drop } = await testDatabase()
const log = createLog('error')
const pool = openPool({ url, purpose: 'api', log })
afterAll(async () => {
  await pool.end()
  await drop()
})
const stores = openStores(pool, { clock: machineClock, random: Math.random })
const access = { openReads: true, hosts: ['127.0.0.1'] }
const inPages: Stores = { ...stores, bars: { ...stores.bars, csv: async () => null } }
const [quick, plain] = [stores, inPages].map((each) => createApp(depsOf({ stores: each, access })))

let count = 0
const withBars = async (bars: readonly Bar[], size: BarSize, priceScale = spy.priceScale) => {
  const instrument = await all.instruments.save({ ...spy, symbol: `SYM${++count}`, priceScale })
  await all.bars.load(instrument, size, BarSeries.of(bars))
  return instrument
}

const textOf = async (app: typeof quick, { symbol }: Instrument, query: string): Promise<string> => {
  const headers = { accept: 'text/csv', host: '127.0.0.1' }
  const answer = await app!.request(`http://127.0.0.1/v1/bars?symbol=${symbol}&${query}`, { headers })
  expect(answer.status).toBe(200)
  return answer.text()
}

/** Prices of one to four decimals, below one and negative ones among them. */
const price = fc
  .tuple(fc.integer({ min: -20, max: 200_000 }), fc.constantFrom(1, 10, 100, 1_000, 10_000))
  .map(([whole, scale]) => whole / scale)

const someBars = (size: BarSize) =>
  fc.array(
    fc
      .record({
        open: price,
        high: price,
        low: price,
        close: price,
        volume: fc.integer({ min: 0, max: size === '1s' ? 2 ** 31 - 1 : Number.MAX_SAFE_INTEGER }),
        vwap: fc.option(price),
        tradeCount: fc.option(fc.nat()),
        second: fc.integer({ min: -20_000, max: 20_000 }),
      })
      .map(({ second, ...fields }) => bar(second, fields)),
    { minLength: 1, maxLength: 200 },
  )

test.each(['1s', '1d'] as const)('COPY gives the same bytes as pages of %s bars', async (size) => {
  await fc.assert(
    fc.asyncProperty(someBars(size), fc.constantFrom(1, 100, 10_000, 1_000_000, 3), async (bars, scale) => {
      const fitting = bars.filter(({ open, high, low, close }) =>
        [open, high, low, close].every((it) => it * scale < 2 ** 31),
      )
      fc.pre(fitting.length > 0 && fitting.every(({ vwap }) => (vwap ?? 0) * scale < 2 ** 31))
      const instrument = await withBars(fitting, size, scale)
      for (const query of [
        `size=${size}`,
        `size=${size}&limit=7`,
        `size=${size}&from=${isoInstant(EVENING)}`,
      ]) {
        expect(await textOf(quick, instrument, query)).toBe(await textOf(plain, instrument, query))
      }
    }),
    { numRuns: 25 },
  )
})

const many = Array.from({ length: 200_000 }, (_, i) => bar(i, { volume: i, vwap: i % 7 ? 178.12 : null }))
const long = await withBars(many, '1s')

test('a range of several chunks has the same bytes too', async () => {
  const query = `to=${isoInstant(secondAt(50_000))}`
  expect(await textOf(quick, long, query)).toBe(await textOf(plain, long, query))
})

test('half of the pool stays with everybody else', async () => {
  const asked = { instrument: long, size: '1s', from: EVENING, to: plus(EVENING, DAY_MS), raw: true } as const
  const open = await Promise.all([1, 2, 3].map(() => stores.bars.csv(asked)))
  expect(open.map((each) => each !== null)).toEqual([true, true, false])
  for (const each of open) for await (const _ of each ?? []) break
  await until(async () => pool.totalCount === pool.idleCount, 5_000)
  const [again] = [await stores.bars.csv(asked)]
  for await (const _ of again!) break
})

test('a client that goes away frees the connection at once, and one that asks for the head takes none', async () => {
  const server = await listen({ app: quick!, host: '127.0.0.1', port: 0, log })
  const answer = await new Promise<IncomingMessage>((resolve) =>
    get(
      `http://${server.address}/v1/bars?symbol=${long.symbol}`,
      { headers: { accept: 'text/csv' } },
      resolve,
    ),
  )
  const copies = async () => {
    const { rowCount } = await admin.query(
      `select from pg_stat_activity where query ilike 'copy (%' and state = 'active'`,
    )
    return rowCount!
  }
  expect(await copies()).toBe(1)
  answer.destroy()
  await until(async () => (await copies()) === 0, 2_000)
  await quick!.request(`http://127.0.0.1/v1/bars?symbol=${long.symbol}`, {
    method: 'HEAD',
    headers: { accept: 'text/csv', host: '127.0.0.1' },
  })
  await until(async () => (await copies()) === 0, 2_000)
  await server.close()
})

test('a range with archived days between others is read from both places, by COPY too', async () => {
  const days = Array.from({ length: 6 }, (_, day) => day * 86_400)
  const bars = days.flatMap((second) => [bar(second, { vwap: null }), bar(second + 1), bar(second + 2_000)])
  const instrument = await withBars(bars, '1s')
  const queries = [
    '',
    'limit=7',
    `from=${isoInstant(secondAt(1))}&to=${isoInstant(secondAt(2_000))}`,
    `from=${isoInstant(secondAt(86_401))}&to=${isoInstant(secondAt(4 * 86_400 + 1))}`,
  ]
  const texts = () => Promise.all(queries.map((query) => textOf(quick!, instrument, query)))
  const before = await texts()
  await openStorage(admin).archive(plus(EVENING, 4.5 * DAY_MS))
  await all.bars.upsert(instrument, '1s', BarSeries.of([bar(2 * 86_400 + 1)]))
  expect(await texts()).toEqual(before)
  const asked = { instrument, size: '1s', from: EVENING, to: plus(EVENING, 6 * DAY_MS), raw: true } as const
  const chunks: Uint8Array[] = []
  for await (const chunk of (await stores.bars.csv(asked))!) chunks.push(chunk)
  expect(`${before[0]!.split('\n')[0]}\n${Buffer.concat(chunks)}`).toBe(before[0])
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Candle, type CandleQuery, candles } from '../../src/feed.ts'
import { BAR_SIZES } from '../../src/market/barSize.ts'
import { canBuild } from '../../src/market/resample.ts'
import { sessionsBetween } from '../../src/market/session.ts'
import { HOUR_MS, parseInstant, plus } from '../../src/market/time.ts'
import { candleColumns } from '../../src/research/candleColumns.ts'
import { spy } from '../support/bars.ts'
import { memoryDatabase } from '../support/twins/database.ts'
import { waves } from '../support/waves.ts'

const week = { from: parseInstant('2013-10-03T00:00:00Z'), to: parseInstant('2013-10-09T00:00:00Z') }
const { stores } = memoryDatabase()
const instrument = await stores.instruments.save(spy)
await stores.bars.load(instrument, '1s', waves(sessionsBetween(week, 'all')))

const grids = fc
  .record({
    size: fc.constantFrom(...BAR_SIZES.slice(4)),
    session: fc.constantFrom('rth', 'all'),
    align: fc.constantFrom('session', 'clock'),
  } as const)
  .filter((grid) => canBuild('1s', grid))

const hours = fc
  .integer({ min: 0, max: 144 * 12 })
  .map((twelfths) => plus(week.from, (twelfths / 12) * HOUR_MS))

test('pages, one after the other, are the whole, whatever the grid, the range and the size of a page', async () => {
  await fc.assert(
    fc.asyncProperty(grids, hours, hours, fc.integer({ min: 5, max: 400 }), async (grid, a, b, limit) => {
      const range = { from: a < b ? a : b, to: plus(a < b ? b : a, 1), now: week.to }
      const query = { ...grid, ...range, instrument, base: '1s' } as const
      const whole = await collected(query)
      const pages: Candle[] = []
      for (let { from } = query; ; ) {
        const page = await collected({ ...query, from, limit })
        pages.push(...page)
        if (page.length < limit) break
        from = plus(page.at(-1)!.time, 1)
      }
      expect(pages).toEqual(whole)
    }),
    { numRuns: 30 },
  )
})

async function collected(query: CandleQuery): Promise<Candle[]> {
  const all: Candle[] = []
  for await (const batch of candles({ stores }, query)) all.push(...batch)
  return all
}

test('candles as columns are those that are served, whatever the grid and the range', async () => {
  await fc.assert(
    fc.asyncProperty(grids, hours, hours, async (grid, a, b) => {
      const query = {
        ...grid,
        instrument,
        base: '1s',
        from: a < b ? a : b,
        to: plus(a < b ? b : a, 1),
      } as const
      const found = await collected({ ...query, now: week.to })
      const served = found.map(({ complete: _, coverage: _c, suspect: _s, ...bar }) => bar)
      expect([...(await candleColumns(stores, query))]).toEqual(served)
    }),
    { numRuns: 30 },
  )
})

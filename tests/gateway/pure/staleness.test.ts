import { expect, test } from 'vitest'
import { Staleness } from '../../../src/gateway/staleness.ts'
import { HOUR_MS, MINUTE_MS, parseInstant } from '../../../src/market/time.ts'
import { manualClock } from '../../support/manualClock.ts'

/** Watches bars of a minute from an instant on, and says when they were found to be stale. */
function watched(start: string) {
  const market = manualClock(parseInstant(start))
  const found: string[] = []
  const staleness = new Staleness({ market, size: '1m', session: 'rth' }, () =>
    found.push(new Date(market.now()).toISOString()),
  )
  staleness.heard()
  return { market, staleness, found }
}

test('two bars and five seconds of silence are too long', async () => {
  const { market, found } = watched('2024-06-03T15:00:00Z')
  await market.advance(124_999)
  expect(found).toEqual([])
  await market.advance(1)
  expect(found).toEqual(['2024-06-03T15:02:05.000Z'])
})

test('what is heard begins the silence anew', async () => {
  const { market, staleness, found } = watched('2024-06-03T15:00:00Z')
  await market.advance(100_000)
  staleness.heard()
  await market.advance(124_999)
  expect(found).toEqual([])
  await market.advance(1)
  expect(found).toHaveLength(1)
})

test('a market that is closed may be silent, until it opens', async () => {
  const { market, found } = watched('2024-06-03T19:59:00Z')
  await market.advance(17 * HOUR_MS)
  expect(found).toEqual([])
  await market.advance(HOUR_MS)
  expect(found).toEqual(['2024-06-04T13:32:05.000Z'])
})

test('a weekend is no silence', async () => {
  const { market, found } = watched('2024-06-07T21:00:00Z')
  await market.advance(60 * HOUR_MS)
  expect(found).toEqual([])
})

test('what has been stopped is never stale', async () => {
  const { market, staleness, found } = watched('2024-06-03T15:00:00Z')
  await market.advance(MINUTE_MS)
  staleness.stop()
  await market.advance(HOUR_MS)
  expect(found).toEqual([])
})

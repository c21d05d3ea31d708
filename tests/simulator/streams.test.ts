import { describe, expect, test } from 'vitest'
import { machineClock } from '../../src/clock/machine.ts'
import { simulatedClock } from '../../src/clock/simulated.ts'
import { timeline, type World } from '../../src/clock/world.ts'
import { parseInstant } from '../../src/market/time.ts'
import { simulatorFor } from '../support/simulator.ts'
import { announcing, connected, SPY } from './libraryClient.ts'

/** A clock fifty times as fast as the machine's: five seconds of the market in a tenth of a second. */
function fastClock() {
  const start = parseInstant('2024-06-03T15:00:00Z')
  const world: World = { start, speed: 50, seed: 1, tape: 'generated', skip: null }
  return simulatedClock(machineClock, timeline(world), machineClock.now())
}

for (const version of [178, 193])
  describe(`@stoqey/ib at level ${version}`, () => {
    const setUp = async () => connected(await announcing(version, await simulatorFor({ clock: fastClock() })))

    test('decodes a stream of quotes, and a snapshot to its end', async () => {
      const client = await setUp()
      const { ib } = client
      ib.reqMktData(5, SPY, '', false, false)
      ib.reqMktData(6, SPY, '', true, false)
      expect(await client.seen('marketDataType', 5)).toEqual(['marketDataType', 5, 1])
      expect(await client.seen('tickReqParams', 5)).toEqual(['tickReqParams', 5, 0, '9c0001', 3])
      await client.seen('tickSnapshotEnd', 6)
      const types = (id: number, name: string) =>
        new Set(client.all(name).flatMap(([, reqId, type]) => (reqId === id ? [type] : [])))
      for (const id of [5, 6]) {
        expect(types(id, 'tickPrice')).toEqual(new Set([1, 2, 4, 6, 7, 9, 14]))
        // The library leaves out the size that comes with a bid: its type is 0.
        expect([3, 5, 8].filter((type) => !types(id, 'tickSize').has(type))).toEqual([])
        expect(types(id, 'tickString')).toEqual(new Set([45]))
        expect(types(id, 'tickGeneric')).toEqual(new Set([49]))
      }
      ib.cancelMktData(5)
    })

    test('decodes real-time bars', async () => {
      const client = await setUp()
      client.ib.reqRealTimeBars(5, SPY, 5, 'TRADES' as never, true)
      const [, , time, open, high, low, close, volume, wap, count] = await client.seen('realtimeBar', 5)
      expect(Number(time) % 5).toBe(0)
      expect(Number(low) <= Number(open) && Number(close) <= Number(high)).toBe(true)
      expect([volume, wap, count].every((value) => Number(value) > 0)).toBe(true)
    })

    test('decodes ticks of every kind, as they come and of the past', async () => {
      const client = await setUp()
      const { ib } = client
      ib.reqTickByTickData(1, SPY, 'AllLast' as never, 5, false)
      ib.reqTickByTickData(2, SPY, 'BidAsk' as never, 0, false)
      ib.reqTickByTickData(3, SPY, 'MidPoint' as never, 0, false)
      const [, , type, , price, size, , exchange] = await client.seen('tickByTickAllLast', 1)
      expect([type, exchange, Number(price) > 1, Number(size) >= 1]).toEqual([2, 'ARCA', true, true])
      const [, , , bid, ask] = await client.seen('tickByTickBidAsk', 2)
      const [, , , midpoint] = await client.seen('tickByTickMidPoint', 3)
      expect(Number(bid)).toBeLessThan(Number(ask))
      expect(Math.abs(Number(midpoint) / Number(price) - 1)).toBeLessThan(0.01)
      const [, , past] = await client.seen('historicalTicksLast', 1)
      expect((past as unknown[]).length).toBeGreaterThanOrEqual(5)
    })

    test('decodes historical ticks', async () => {
      const client = await setUp()
      for (const [i, [what, event, fields]] of (
        [
          ['TRADES', 'historicalTicksLast', { exchange: 'ARCA', specialConditions: '' }],
          ['BID_ASK', 'historicalTicksBidAsk', { priceBid: expect.any(Number), sizeAsk: expect.any(Number) }],
          ['MIDPOINT', 'historicalTicks', { price: expect.any(Number), size: 0 }],
        ] as const
      ).entries()) {
        client.ib.reqHistoricalTicks(i, SPY, '', '20240603-14:50:00', 20, what as never, 1, false)
        const [, , ticks, done] = await client.seen(event, i)
        expect([(ticks as unknown[]).length >= 20, done]).toEqual([true, true])
        expect((ticks as unknown[])[0]).toMatchObject({ ...fields, time: expect.any(Number) })
      }
    })

    test('decodes bars that are kept up to date', async () => {
      const client = await setUp()
      client.ib.reqHistoricalData(5, SPY, '', '1800 S', '1 min' as never, 'TRADES' as never, 1, 2, true)
      const [, , date, open, high, low, close] = await client.seen('historicalDataUpdate', 5)
      const [, , firstDate] = await client.seen('historicalData', 5)
      expect(Number(date)).toBeGreaterThan(Number(firstDate))
      expect(Number(low) <= Math.min(Number(open), Number(close))).toBe(true)
      expect(Math.max(Number(open), Number(close)) <= Number(high)).toBe(true)
      client.ib.cancelHistoricalData(5)
      expect((await client.seen('error')).slice(2, 4)).toEqual([162, 5])
    })
  })

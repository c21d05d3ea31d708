import fc from 'fast-check'
import { expect, test } from 'vitest'
import { epochMs } from '../../../src/market/time.ts'
import { SmallBarPacing, type SmallBarRequest } from '../../../src/simulator/pacing.ts'

const at = (seconds: number, change: Partial<SmallBarRequest> = {}): SmallBarRequest => ({
  time: epochMs(Math.round(seconds * 1_000)),
  identity: `request at ${seconds}`,
  series: `series ${seconds}`,
  weight: 1,
  ...change,
})

const verdicts = (requests: readonly SmallBarRequest[]) => {
  const pacing = new SmallBarPacing()
  return requests.map((request) => pacing.admit(request))
}

test('sixty requests in ten minutes pass, the sixty-first does not', () => {
  const requests = Array.from({ length: 61 }, (_, i) => at(i * 9))
  expect(verdicts(requests).map((rule) => rule ?? 'ok')).toEqual([...Array(60).fill('ok'), 'window'])
})

test('a request leaves the window when it is ten minutes old', () => {
  const requests = [...Array.from({ length: 60 }, (_, i) => at(i)), at(599.999), at(600)]
  expect(verdicts(requests).slice(-2)).toEqual(['window', null])
})

test('BID_ASK counts twice', () => {
  const requests = Array.from({ length: 31 }, (_, i) => at(i * 9, { weight: 2 }))
  expect(verdicts(requests).at(-1)).toBe('window')
})

test('the same request passes again after fifteen seconds', () => {
  const same = { identity: 'same' }
  expect(verdicts([at(0, same), at(14.999, same), at(15, same)])).toEqual([null, 'identical', null])
})

test('five requests of one series within two seconds pass, the sixth does not', () => {
  const series = { series: 'SPY SMART TRADES' }
  const requests = [0, 0.1, 0.2, 0.3, 0.4, 1.999, 2].map((second) => at(second, series))
  expect(verdicts(requests)).toEqual([null, null, null, null, null, 'burst', null])
})

test('the busiest ten minutes are counted exactly, refused requests among them', () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 1, maxLength: 200 })
  fc.assert(
    fc.property(gaps, (gapsMs) => {
      let time = 0
      const times = gapsMs.map((gapMs) => (time += gapMs))
      const pacing = new SmallBarPacing()
      for (const moment of times) pacing.admit(at(moment / 1_000))
      const naive = Math.max(...times.map((end) => times.filter((t) => t > end - 600_000 && t <= end).length))
      expect([pacing.busiest, pacing.total]).toEqual([naive, times.length])
    }),
  )
})

test('what is refused takes no room in the limits, or does where that is wanted', () => {
  const admitted = (refusedCount: boolean) => {
    const pacing = new SmallBarPacing()
    const requests = [...Array.from({ length: 70 }, (_, i) => at(i)), at(605)]
    return requests.map((request) => pacing.admit(request, refusedCount)).at(-1)
  }
  expect([admitted(false), admitted(true)]).toEqual([null, 'window'])
})

test('a request that may wait is served as soon as the limits have room, in the order of arrival', () => {
  const pacing = new SmallBarPacing()
  const served = Array.from({ length: 125 }, (_, i) => pacing.reserve(at(i / 10)) / 1_000)
  expect(served.slice(0, 60)).toEqual(Array.from({ length: 60 }, (_, i) => i / 10))
  expect([served[60], served[61], served[119], served[120]]).toEqual([600, 600.1, 605.9, 1_200])
})

test('the same request waits fifteen seconds, a sixth of one series two', () => {
  const pacing = new SmallBarPacing()
  const same = { identity: 'same' }
  expect([pacing.reserve(at(0, same)), pacing.reserve(at(1, same))]).toEqual([0, 15_000])
  const series = { series: 'SPY' }
  const burst = [1, 2, 3, 4, 5, 6].map((i) => pacing.reserve(at(100 + i / 10, series)))
  expect(burst.at(-1)).toBe(102_100)
})

test('requests that wait never break a limit when they are served', () => {
  const requests = fc.array(
    fc.record({
      gap: fc.integer({ min: 0, max: 4_000 }),
      identity: fc.constantFrom('a', 'b', 'c', 'd'),
      series: fc.constantFrom('SPY', 'IBM'),
      weight: fc.constantFrom<1 | 2>(1, 2),
    }),
    { maxLength: 120 },
  )
  fc.assert(
    fc.property(requests, (all) => {
      const pacing = new SmallBarPacing()
      let now = 0
      const served = all.map(({ gap, ...request }) => {
        now += gap
        return { ...request, time: pacing.reserve({ ...request, time: epochMs(now) }) }
      })
      const judge = new SmallBarPacing()
      for (const request of served.toSorted((a, b) => a.time - b.time))
        expect(judge.admit(request)).toBeNull()
    }),
    { numRuns: 50 },
  )
})

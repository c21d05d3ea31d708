import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RateLimiter } from '../../src/access/rates.ts'
import { type EpochMs, epochMs, plus } from '../../src/market/time.ts'
import { NOW } from '../openapi/memory.ts'
import { manualClock } from '../support/manualClock.ts'

const RATE = { perSecond: 10, burst: 5 }

test('a burst is let through, the next one waits, and a wait is as long as it says', async () => {
  const clock = manualClock(NOW)
  const limiter = new RateLimiter(clock, RATE)
  const left = Array.from({ length: 5 }, () => limiter.take('a').left)
  expect(left).toEqual([4, 3, 2, 1, 0])
  expect(limiter.take('a')).toEqual({ isAllowed: false, left: 0, waitMs: 100 })
  await clock.advance(99)
  expect(limiter.take('a').isAllowed).toBe(false)
  await clock.advance(1)
  expect(limiter.take('a').isAllowed).toBe(true)
  expect(limiter.take('a').isAllowed).toBe(false)
})

test('keys are counted apart', () => {
  const limiter = new RateLimiter(manualClock(NOW), { perSecond: 1, burst: 1 })
  expect(['a', 'a', 'b'].map((key) => limiter.take(key).isAllowed)).toEqual([true, false, true])
})

test('no span of time sees more than the burst and what is filled in it', () => {
  const steps = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 200 })
  fc.assert(
    fc.property(steps, (waits) => {
      let now = NOW
      const clock = { ...manualClock(NOW), now: () => now }
      const limiter = new RateLimiter(clock, RATE)
      const through: EpochMs[] = []
      for (const wait of waits) {
        now = plus(now, wait)
        if (limiter.take('a').isAllowed) through.push(now)
      }
      for (const [i, from] of through.entries()) {
        const inSpan = through.slice(i).map((at, n) => ({ n: n + 1, ms: at - from }))
        for (const { n, ms } of inSpan) expect(n).toBeLessThanOrEqual(RATE.burst + ms / 100 + 1e-6)
      }
    }),
  )
})

test('a clock that is set back holds nobody up for longer than an empty bucket does', () => {
  let now: EpochMs = NOW
  const limiter = new RateLimiter({ ...manualClock(NOW), now: () => now }, RATE)
  for (let i = 0; i < 5; i++) limiter.take('a')
  now = plus(NOW, -3_600_000)
  expect(limiter.take('a').isAllowed).toBe(false)
  now = plus(now, 500)
  expect(limiter.take('a').isAllowed).toBe(true)
})

test('a hundred thousand addresses cost no more memory than ten thousand', () => {
  let now: number = NOW
  const limiter = new RateLimiter({ ...manualClock(NOW), now: () => epochMs(now) }, RATE)
  for (let i = 0; i < 100_000; i++) {
    limiter.take(`address ${i}`)
    if (i % 100 === 0) now += 1
  }
  expect(limiter.size).toBeLessThanOrEqual(10_000)
  expect(limiter.take('address 99999').left).toBe(3)
})

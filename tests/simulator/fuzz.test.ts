import { expect, test } from 'vitest'
import { fuzz } from './fuzzing.ts'

test('a hundred thousand absurd frames end nothing but their connections, stall nothing and leave nothing', {
  timeout: 120_000,
}, async () => {
  const report = await fuzz(100_000, 1)
  expect(report).toMatchObject({ frames: 100_000, left: 0, served: [200, 200] })
  expect(report.ended).toBeGreaterThan(10_000)
  expect(report.slowestMs).toBeLessThan(100)
  expect(report.heapGrowthBytes).toBeLessThan(48 * 1024 * 1024)
})

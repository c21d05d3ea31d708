import { expect, test } from 'vitest'
import { openMetrics } from '../src/metrics.ts'

const lines = async (metrics: ReturnType<typeof openMetrics>, name: string) =>
  (await metrics.text()).split('\n').filter((line) => line.startsWith(`pivot_engine_${name}`))

test('a figure is read when it is asked for, with its labels', async () => {
  let value = 1
  const metrics = openMetrics([
    { name: 'plain', help: 'One.', read: async () => value },
    {
      name: 'told_apart',
      help: 'Some.',
      labels: ['symbol'],
      read: async () => [{ labels: { symbol: 'SPY' }, value }],
    },
  ])
  expect(await lines(metrics, 'plain')).toEqual(['pivot_engine_plain 1'])
  value = 2
  expect(await lines(metrics, 'plain')).toEqual(['pivot_engine_plain 2'])
  expect(await lines(metrics, 'told_apart')).toEqual(['pivot_engine_told_apart{symbol="SPY"} 2'])
})

test('what cannot be read is left out, and the rest is told', async () => {
  const metrics = openMetrics([
    { name: 'broken', help: 'Fails.', read: () => Promise.reject(new Error('down')) },
    { name: 'unknown', help: 'Is not known.', read: async () => null },
    { name: 'known', help: 'Is.', read: async () => 7 },
  ])
  expect(await lines(metrics, 'broken')).toEqual([])
  expect(await lines(metrics, 'unknown')).toEqual([])
  expect(await lines(metrics, 'known')).toEqual(['pivot_engine_known 7'])
})

test('requests and runs of cron lines are counted', async () => {
  const metrics = openMetrics([])
  metrics.answered({ method: 'GET', route: '/v1/bars', status: 200, seconds: 0.02 })
  metrics.ran('collect-bars', 0.3, 'failed')
  expect(await lines(metrics, 'http_request_seconds_bucket{le="0.025"')).toEqual([
    'pivot_engine_http_request_seconds_bucket{le="0.025",method="GET",route="/v1/bars",status="200"} 1',
  ])
  expect(await lines(metrics, 'tick_late_seconds_sum')).toEqual([
    'pivot_engine_tick_late_seconds_sum{job="collect-bars"} 0.3',
  ])
  expect(await lines(metrics, 'job_runs_total')).toEqual([
    'pivot_engine_job_runs_total{job="collect-bars",result="failed"} 1',
  ])
})

test('the event loop and the memory of the process are told', async () => {
  const text = await openMetrics([]).text()
  expect(text).toContain('nodejs_eventloop_lag_p99_seconds')
  expect(text).toContain('process_resident_memory_bytes')
})

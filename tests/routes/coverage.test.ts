import { expect, test } from 'vitest'
import { BarSeries } from '../../src/market/series.ts'
import { sessionOn } from '../../src/market/session.ts'
import { parseInstant } from '../../src/market/time.ts'
import { served, withBars } from './served.ts'

const { ask, stores } = await served()
const monday = sessionOn('2013-10-07', 'rth')!
const spy = await withBars(stores, BarSeries.of([]), [{ from: monday.from, to: monday.to }])
const tuesday = (from: string, to: string) => ({
  from: parseInstant(`2013-10-08T${from}:00Z`),
  to: parseInstant(`2013-10-08T${to}:00Z`),
})
await stores.coverage.mark(spy, '1s', tuesday('13:30', '14:00'), 'done')
await stores.coverage.mark(spy, '1s', tuesday('14:00', '14:30'), 'empty')
await stores.coverage.mark(spy, '1s', tuesday('14:30', '15:00'), 'failed')
await stores.coverage.mark(spy, '1s', tuesday('19:00', '19:30'), 'partial')

const list = (query: string) => ask.get(`/v1/coverage?symbol=SPY&${query}`)
const WEEK = 'from=2013-10-07T00:00:00Z&to=2013-10-12T00:00:00Z'

test('every session that has opened is told with its gaps', async () => {
  const { body } = await list(WEEK)
  const gap = (from: string, to: string, state: string, day = '08') => ({
    from: `2013-10-${day}T${from}:00Z`,
    to: `2013-10-${day}T${to}:00Z`,
    state,
  })
  expect(body).toEqual({
    items: [
      {
        date: '2013-10-07',
        open: '2013-10-07T13:30:00Z',
        close: '2013-10-07T20:00:00Z',
        expectedSeconds: 23_400,
        coveredSeconds: 23_400,
        gaps: [],
      },
      {
        date: '2013-10-08',
        open: '2013-10-08T13:30:00Z',
        close: '2013-10-08T20:00:00Z',
        expectedSeconds: 23_400,
        coveredSeconds: 3_600,
        gaps: [
          gap('14:00', '14:30', 'empty'),
          gap('14:30', '15:00', 'failed'),
          gap('15:00', '19:00', 'missing'),
          gap('19:00', '19:30', 'partial'),
          gap('19:30', '20:00', 'missing'),
        ],
      },
      {
        date: '2013-10-09',
        open: '2013-10-09T13:30:00Z',
        close: '2013-10-09T20:00:00Z',
        expectedSeconds: 1_800,
        coveredSeconds: 0,
        gaps: [gap('13:30', '14:00', 'missing', '09')],
      },
    ],
    nextCursor: null,
  })
})

test('pages go session by session', async () => {
  const first = await list(`${WEEK}&limit=2`)
  expect(first.body.items.map((it: { date: string }) => it.date)).toEqual(['2013-10-07', '2013-10-08'])
  const second = await list(`${WEEK}&limit=2&cursor=${first.body.nextCursor}`)
  expect(second.body).toMatchObject({ items: [{ date: '2013-10-09' }], nextCursor: null })
})

test('extended hours are asked for, and other sizes have a ledger of their own', async () => {
  const { body } = await list(`${WEEK}&session=all&limit=1`)
  expect(body.items).toMatchObject([
    { open: '2013-10-07T08:00:00Z', expectedSeconds: 57_600, coveredSeconds: 23_400 },
  ])
  expect((await list(`${WEEK}&size=1h&limit=1`)).body.items).toMatchObject([{ coveredSeconds: 0 }])
})

test('ten years are answered, more are refused', async () => {
  const ten = await list('from=2003-10-01T00:00:00Z&to=2013-10-01T00:00:00Z&limit=10000')
  expect(ten.body.items.length).toBeGreaterThan(2_500)
  expect((await list('from=2003-09-01T00:00:00Z&to=2013-10-01T00:00:00Z')).status).toBe(422)
  expect((await list('from=2013-10-12T00:00:00Z&to=2013-10-13T00:00:00Z')).body.items).toEqual([])
})

import { expect, test } from 'vitest'
import { EVENT_BODIES } from '../../../openapi/events.ts'
import { isoInstant } from '../../../src/market/time.ts'
import type { Intent } from '../../../src/ports/intents.ts'
import { orderNews } from '../../../src/trading/orderNews.ts'
import { after, intent, NOON } from '../samples.ts'

const CHANGES: { title: string; before: Partial<Intent>; now: Partial<Intent>; told: string[] }[] = [
  {
    title: 'an order that the broker has is submitted',
    before: { state: 'sending' },
    now: { state: 'working' },
    told: ['order.submitted'],
  },
  {
    title: 'one whose fate was unknown is submitted once it is found',
    before: { state: 'unresolved' },
    now: { state: 'held' },
    told: ['order.submitted'],
  },
  {
    title: 'a fill that comes before any other word tells both',
    before: { state: 'sending' },
    now: { state: 'filled', filled: 10, averagePrice: 100 },
    told: ['order.submitted', 'order.filled'],
  },
  {
    title: 'a part of it',
    before: { state: 'working' },
    now: { state: 'partial', filled: 4, averagePrice: 100 },
    told: ['order.partially_filled'],
  },
  {
    title: 'another part of it',
    before: { state: 'partial', filled: 4 },
    now: { state: 'partial', filled: 6, averagePrice: 100 },
    told: ['order.partially_filled'],
  },
  {
    title: 'the rest of it',
    before: { state: 'partial', filled: 6 },
    now: { state: 'filled', filled: 10, averagePrice: 100 },
    told: ['order.filled'],
  },
  {
    title: 'a refusal was never submitted',
    before: { state: 'sending' },
    now: { state: 'rejected', detail: '201: no' },
    told: ['order.rejected'],
  },
  {
    title: 'a cancellation',
    before: { state: 'cancelling' },
    now: { state: 'cancelled', detail: '202: gone' },
    told: ['order.cancelled'],
  },
  {
    title: 'a stop that is moved is no news',
    before: { state: 'working', stopPrice: 97 },
    now: { state: 'working', stopPrice: 98 },
    told: [],
  },
  {
    title: 'what was proven never to have reached the broker',
    before: { state: 'sending' },
    now: { state: 'expired' },
    told: [],
  },
]
test.each(CHANGES)('$title', ({ before, now, told }) => {
  const news = orderNews(intent(before), intent({ ...before, ...now }), after(1))
  expect(news.map(({ type }) => type)).toEqual(told)
  for (const [i, { type, time, data }] of news.entries()) {
    const body = { id: 'evt_1', type, time: isoInstant(time), sequence: i + 1, data }
    expect(EVENT_BODIES[type].parse(body)).toEqual(body)
  }
})

test('the reason is ours, and of a refusal the broker’s', () => {
  const reasonOf = (now: Partial<Intent>) =>
    orderNews(intent({ state: 'sending' }), intent(now), NOON).map(
      ({ data }) => (data as { reason: string }).reason,
    )
  expect(reasonOf({ state: 'working' })).toEqual(['because'])
  expect(reasonOf({ state: 'rejected', detail: '201: no' })).toEqual(['201: no'])
  expect(reasonOf({ state: 'cancelled', detail: null })).toEqual(['because', 'because'])
})

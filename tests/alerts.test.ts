import { expect, test } from 'vitest'
import { EVENT_BODIES } from '../openapi/events.ts'
import { openAlerts } from '../src/alerts.ts'
import { tellInOrder } from '../src/events/inOrder.ts'
import { isoInstant } from '../src/market/time.ts'
import { secondAt } from './support/bars.ts'
import { manualClock } from './support/manualClock.ts'
import { silentLog } from './support/simulator.ts'
import { memoryDatabase } from './support/twins/database.ts'

test('each alert is an event when it is raised and when it is over, and none while it lasts', async () => {
  const market = manualClock(secondAt(0))
  const { stores } = memoryDatabase({ clock: market })
  const deps = { events: stores.events, machine: market, log: silentLog }
  const tell = tellInOrder(deps, new AbortController().signal)
  const alerts = openAlerts({ market, log: silentLog, tell })

  alerts.clear('trader.naked')
  alerts.raise('trader.naked', 'no stop covers 4 of 10 SPY')
  await market.advance(1_000)
  alerts.raise('trader.naked', 'no stop covers 10 of 10 SPY')
  await market.advance(1_000)
  alerts.clear('trader.naked')
  await market.advance(1)

  const told = await stores.events.after(0, 9)
  for (const event of told) {
    const body = { ...event, time: isoInstant(event.time) }
    expect(EVENT_BODIES[event.type].parse(body)).toEqual(body)
  }
  expect(told.map(({ type, time, data }) => [type, time, data])).toEqual([
    [
      'alert.raised',
      secondAt(0),
      { alert: 'trader.naked', detail: 'no stop covers 4 of 10 SPY', since: isoInstant(secondAt(0)) },
    ],
    [
      'alert.cleared',
      secondAt(2),
      { alert: 'trader.naked', detail: 'no stop covers 10 of 10 SPY', since: isoInstant(secondAt(0)) },
    ],
  ])
})

test('a stall has an event of its own, and only its end is told here', () => {
  const types: string[] = []
  const tell = ({ type }: { type: string }) => void types.push(type)
  const alerts = openAlerts({ market: manualClock(secondAt(0)), log: silentLog, tell })
  alerts.raise('collection.stalled', 'no bars of SPY')
  alerts.clear('collection.stalled')
  expect(types).toEqual(['alert.cleared'])
})

import { expect, onTestFinished, test } from 'vitest'
import { openAlerts } from '../../src/alerts.ts'
import { machineClock } from '../../src/clock/machine.ts'
import { Gateway } from '../../src/gateway/gateway.ts'
import { ibLiveBars } from '../../src/gateway/liveBars.ts'
import { parseInstant } from '../../src/market/time.ts'
import type { LiveBarsRequest, LiveBarsUpdate } from '../../src/ports/liveBars.ts'
import { hurriedClock } from '../support/hurriedClock.ts'
import { frame } from '../support/scriptedTws.ts'
import { silentLog, simulatorFor } from '../support/simulator.ts'
import { SPY } from '../support/tickets.ts'
import { brokerStage, is, notice } from './brokerStage.ts'

const REQUEST: LiveBarsRequest = { instrument: SPY, size: '1m', session: 'rth' }
const START = parseInstant('2024-06-03T15:00:00Z') / 1_000

const row = (n: number, close: number) => [START + 60 * n, 500, 510, 490, close, 100, 500, 3]
const history = (id: string, ...closes: number[]) =>
  frame(17, id, 'a', 'b', closes.length, ...closes.flatMap((close, n) => row(n, close)))
/** On the wire the close comes before high and low. */
const update = (id: string, n: number, close: number, low = 490) =>
  frame(90, id, 3, START + 60 * n, 500, close, 510, low, 500, 100)

/** A scripted TWS whose market runs `hurry` times as fast, and what a follower of its bars is told. */
async function followed(
  hurry = 1,
  session: LiveBarsRequest['session'] = 'rth',
  size: LiveBarsRequest['size'] = '1m',
) {
  const asked: string[] = []
  const stage = await brokerStage({
    answers: {
      20: (fields) => {
        asked.push(fields[1]!)
        return history(fields[1]!, 500, 501)
      },
    },
  })
  const real = hurriedClock(hurry)
  const market = { ...real, now: () => (START * 1_000 + 30_000 + (real.now() - begun)) as never }
  const begun = real.now()
  const updates: LiveBarsUpdate[] = []
  const live = ibLiveBars({ gateway: stage.gateway, market, machine: real, log: silentLog })
  const end = live.follow({ ...REQUEST, session, size }, (told) => updates.push(told))
  onTestFinished(end)
  await is(() => updates.length >= 2)
  const closes = () => updates.flatMap((told) => (told.kind === 'bar' ? [told.bar.close] : []))
  const interruptions = () => updates.flatMap((told) => (told.kind === 'interrupted' ? [told.reason] : []))
  return { ...stage, updates, closes, interruptions, asked, end, live }
}

test('the newest bars come first, then the bar that forms, and the first of a later one closes it', async () => {
  const { tws, asked, closes, updates } = await followed()
  tws().write(Buffer.concat([update(asked[0]!, 1, 502), update(asked[0]!, 2, 503)]))
  await is(() => updates.length === 4)
  expect(closes()).toEqual([500, 501, 502, 503])
  expect(updates.at(-1)).toEqual({
    kind: 'bar',
    bar: {
      ...{ time: (START + 120) * 1_000, open: 500, high: 510, low: 490, close: 503, volume: 100, vwap: 500 },
      tradeCount: 3,
    },
  })
})

test('it is asked for without an end, kept up to date, in epoch seconds, in the hours of its session', async () => {
  const { server } = await followed(1, 'rth', '5m')
  const [, ...asked] = server.received().split('\x00SPY\0')
  expect(asked.at(-1)).toContain(
    ['SMART', 'ARCA', 'USD', '', '', '0', '', '5 mins', '3600 S', '1', 'TRADES', '2', '1'].join('\0'),
  )
})

test('a bar that cannot be one is not told, but that something was missed', async () => {
  const { tws, asked, interruptions, closes } = await followed()
  tws().write(Buffer.concat([update(asked[0]!, 2, 503, 520), update(asked[0]!, 2, 504)]))
  await is(() => closes().length === 3)
  expect(interruptions()).toEqual(['a bar was no bar: high < low'])
  expect(closes().at(-1)).toBe(504)
})

test('after a reconnect the series is subscribed anew, once', async () => {
  const { tws, asked, closes, interruptions } = await followed()
  tws().destroy()
  await is(() => asked.length === 2)
  await is(() => closes().length === 4)
  expect(interruptions()).toHaveLength(1)
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect(asked).toHaveLength(2)
})

test('1101 ends the subscription and makes a new one; 1102 keeps it', async () => {
  const { tws, asked, server, gateway, closes } = await followed()
  tws().write(notice(1100, 'lost'))
  await is(() => !gateway.isReady)
  tws().write(notice(1102, 'restored'))
  await is(() => gateway.isReady)
  tws().write(notice(1100, 'lost'))
  await is(() => !gateway.isReady)
  expect(asked).toHaveLength(1)
  tws().write(notice(1101, 'restored, data lost'))
  await is(() => closes().length === 4)
  expect(asked).toHaveLength(2)
  expect(server.received()).toContain(`25\x001\0${asked[0]}\0`)
})

for (const [code, text] of [
  [10_225, 'Bust event occurred, current subscription is deactivated.'],
  [162, 'Historical Market Data Service error message:HMDS query returned no data'],
] as const) {
  test(`after ${code} the series is subscribed anew`, async () => {
    const { tws, asked, closes, interruptions } = await followed(10)
    tws().write(frame(4, 2, asked[0]!, code, text, ''))
    await is(() => closes().length === 4)
    expect(asked).toHaveLength(2)
    expect(interruptions()[0]).toContain(text)
  })
}

test('a series that falls silent while the market is open is subscribed anew', async () => {
  const { asked, closes, interruptions, server } = await followed(100)
  await is(() => closes().length >= 4)
  expect(interruptions()[0]).toBe('TWS has sent no bars for too long')
  expect(server.received()).toContain(`25\x001\0${asked[0]}\0`)
})

test('what nobody follows any more is cancelled, and not asked for again', async () => {
  const { end, server, asked, tws, broker } = await followed()
  end()
  await is(() => server.received().includes(`25\x001\0${asked[0]}\0`))
  tws().destroy()
  await is(() => broker.session?.number === 2)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(asked).toHaveLength(1)
})

test('bars that count against the budget, and days, are refused', async () => {
  const { live } = await followed()
  for (const size of ['30s', '2h', '1d'] as const)
    expect(() => live.follow({ ...REQUEST, size }, () => {})).toThrow(/are not followed/)
})

test("the simulator's bars close one after the other, each with what the tape holds", async () => {
  const anchor = machineClock.now()
  const start = parseInstant('2024-06-03T15:00:30Z')
  const fast = hurriedClock(60)
  const market = { ...fast, now: () => (start + 60 * (machineClock.now() - anchor)) as never }
  const simulator = await simulatorFor({ clock: market })
  const edges = { market, machine: machineClock, log: silentLog }
  const gateway = new Gateway({
    ...{ ...edges, random: () => 0.5, alerts: openAlerts(edges) },
    address: { host: '127.0.0.1', port: simulator.port, clientId: 17 },
  })
  const stopping = new AbortController()
  void gateway.run(stopping.signal)
  onTestFinished(() => stopping.abort())
  const bars = new Map<number, number>()
  const order: number[] = []
  const live = ibLiveBars({ ...edges, gateway })
  const instrument = { ...SPY, conId: 0 }
  onTestFinished(
    live.follow({ instrument, size: '1m', session: 'rth' }, (told) => {
      if (told.kind !== 'bar') return
      if (!bars.has(told.bar.time)) order.push(told.bar.time)
      bars.set(told.bar.time, told.bar.close)
    }),
  )
  await is(() => order.some((time) => time >= start + 90_000))
  expect(order).toEqual([...order].sort((a, b) => a - b))
  expect(new Set(order.map((time) => time % 60_000))).toEqual(new Set([0]))
})

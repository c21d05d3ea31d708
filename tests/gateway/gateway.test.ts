import type { Socket } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { openAlerts } from '../../src/alerts.ts'
import { Gateway, type GatewayDeps } from '../../src/gateway/gateway.ts'
import { ibMarketData } from '../../src/gateway/ibMarketData.ts'
import { parseInstant, plus } from '../../src/market/time.ts'
import type { HistoricalRequest } from '../../src/ports/marketData.ts'
import { hurriedClock } from '../support/hurriedClock.ts'
import { frame, HANDSHAKE, type ScriptedTws, scriptedTws, VERSION } from '../support/scriptedTws.ts'
import { silentLog } from '../support/simulator.ts'

const undo: (() => void)[] = []
afterEach(() => {
  for (const step of undo.splice(0)) step()
})

const NEXT_ID = frame(9, 1, 1)
const FARMS_OK = frame(4, 2, -1, 2106, 'HMDS data farm connection is OK:ushmds', '')
const notice = (code: number, text: string) => frame(4, 2, -1, code, text, '')

/** Answers pings with the machine's time, and gives each connection, by its number, to the script. */
async function gatewayOf(
  script: (socket: Socket, connection: number) => void,
  { hurry = 20, skewS = 0, ...deps }: { hurry?: number; skewS?: number } & Partial<GatewayDeps> = {},
) {
  const clock = hurriedClock(hurry)
  const sockets: Socket[] = []
  const server: ScriptedTws = await scriptedTws((socket) => {
    socket.setNoDelay(true)
    socket.on('data', (data) => {
      if (!data.includes('49\x001\0')) return
      socket.write(frame(49, 1, Math.floor(clock.now() / 1_000) + skewS))
    })
    script(socket, sockets.push(socket))
  })
  const alerts = openAlerts({ market: clock, log: silentLog })
  const gateway = new Gateway({
    address: { host: '127.0.0.1', port: server.port, clientId: 17 },
    ...{ market: clock, machine: clock, random: () => 0.5, alerts, log: silentLog },
    ...deps,
  })
  const stopping = new AbortController()
  const running = gateway.run(stopping.signal)
  undo.push(() => {
    stopping.abort()
    server.close()
  })
  const alertNames = () => alerts.standing().map(({ name }) => name)
  return {
    gateway,
    server,
    alertNames,
    clock,
    running,
    connections: () => sockets.length,
    tws: () => sockets.at(-1)!,
  }
}

const is = (check: () => boolean) => vi.waitUntil(check, { timeout: 10_000, interval: 5 })
const healthy = (socket: Socket) => void socket.write(Buffer.concat([HANDSHAKE, FARMS_OK]))

/** Fields of the wire with spaces between. */
const words = (bytes: Buffer | string): string => String(bytes).replaceAll('\0', ' ')

const NOW = parseInstant('2024-06-03T15:00:00Z')
const REQUEST: HistoricalRequest = {
  from: plus(NOW, -60_000),
  to: NOW,
  instrument: {
    ...{ id: 1, symbol: 'SPY', conId: 1, exchange: 'SMART', primaryExchange: 'ARCA', currency: 'USD' },
    ...{ minTick: 0.01, priceScale: 10_000, tracked: true },
  },
  size: '1s',
  session: 'rth',
}

/** Asks for bars; every request is answered by `answer` under its own id. */
function answering(answer: (id: string) => Buffer) {
  return (socket: Socket) => {
    healthy(socket)
    socket.on('data', (data) => {
      const id = /20 (1\d{9}) /.exec(words(data))?.[1]
      if (id !== undefined) socket.write(answer(id))
    })
  }
}

async function ask(gateway: Gateway, clock: ReturnType<typeof hurriedClock>, penalize = async () => {}) {
  const marketData = ibMarketData({ gateway, market: clock, log: silentLog, pacing: { penalize } })
  return marketData.historicalBars(REQUEST, { at: clock.now(), sendBefore: plus(clock.now(), 60_000) })
}

test('1100 suspends, 1102 resumes with what was subscribed, 1101 without', async () => {
  const ready: string[] = []
  const { gateway, connections, tws } = await gatewayOf(healthy, {
    onReady: (data) => ready.push(data),
  })
  await is(() => gateway.isReady)
  tws().write(notice(1100, 'Connectivity between IB and TWS has been lost.'))
  await is(() => gateway.status().state === 'linkDown')
  expect(() => gateway.ready()).toThrow('the gateway is linkDown: Connectivity between IB and TWS')
  tws().write(notice(1102, 'restored, data maintained'))
  await is(() => gateway.isReady)
  tws().write(notice(1100, 'lost'))
  await is(() => !gateway.isReady)
  tws().write(notice(1101, 'restored, data lost'))
  await is(() => gateway.isReady)
  expect(ready).toEqual(['lost', 'kept', 'lost'])
  expect(connections()).toBe(1)
})

test('1100 that nobody takes back ends in a fresh connection after a minute', async () => {
  const { gateway, connections, clock } = await gatewayOf(
    (socket, n) => {
      healthy(socket)
      if (n === 1) for (let i = 0; i < 5; i++) socket.write(notice(1100, 'lost'))
    },
    { hurry: 100 },
  )
  await is(() => gateway.status().state === 'linkDown')
  const before = clock.now()
  await is(() => connections() === 2 && gateway.isReady)
  expect(clock.now() - before).toBeGreaterThan(50_000)
})

test('1300 and a restart of TWS end in a fresh connection', async () => {
  const { gateway, connections } = await gatewayOf((socket, n) => {
    healthy(socket)
    if (n === 1) setTimeout(() => socket.write(notice(1300, 'TWS API socket port has been reset')), 20)
    if (n === 2) setTimeout(() => socket.destroy(), 20)
  })
  await is(() => connections() === 3 && gateway.isReady)
})

test('a held client id is asked for again, never another one, and told after three minutes', async () => {
  const { gateway, server, alertNames, connections } = await gatewayOf(
    (socket) => {
      socket.write(VERSION)
      socket.end(notice(326, 'Unable to connect as the client id is already in use'))
    },
    { hurry: 200 },
  )
  await is(() => alertNames().includes('gateway.clientId'))
  expect(connections()).toBeGreaterThan(10)
  expect(gateway.status()).toMatchObject({ state: expect.stringMatching(/backoff|connecting/) })
  expect(new Set(words(server.received()).match(/71 2 \d+/g))).toEqual(new Set(['71 2 17']))
})

test('another login that uses the data is told, asked again after a minute, and forgotten when it is over', async () => {
  let competing = true
  const text = 'No market data during competing live session'
  const { gateway, clock, alertNames } = await gatewayOf(
    answering((id) => (competing ? frame(4, 2, id, 10_197, text, '') : frame(17, id, 'a', 'b', 0))),
    { hurry: 50 },
  )
  await is(() => gateway.isReady)
  const before = clock.now()
  await expect(ask(gateway, clock)).rejects.toMatchObject({ kind: 'unavailable' })
  expect(gateway.status()).toMatchObject({ state: 'ready', competing: true })
  expect(alertNames()).toEqual(['gateway.competing'])
  await expect(ask(gateway, clock)).rejects.toThrow('another session uses the market data')
  competing = false
  await is(() => gateway.isReady)
  expect(clock.now() - before).toBeGreaterThanOrEqual(60_000)
  expect(await ask(gateway, clock)).toMatchObject({ kind: 'bars' })
  await is(() => alertNames().length === 0)
  expect(gateway.status()).toMatchObject({ competing: false })
})

test('a broken farm of historical data is waited for, and asked again after a minute at the latest', async () => {
  const { gateway, tws } = await gatewayOf(healthy, { hurry: 50 })
  await is(() => gateway.isReady)
  tws().write(notice(2105, 'HMDS data farm connection is broken:ushmds'))
  await is(() => !gateway.isReady)
  expect(gateway.status()).toMatchObject({ farms: { historical: 'broken' } })
  tws().write(FARMS_OK)
  await is(() => gateway.isReady)
  tws().write(notice(2105, 'HMDS data farm connection is broken:ushmds'))
  await is(() => !gateway.isReady)
  await is(() => gateway.isReady)
})

test('a read-only API and delayed data are told', async () => {
  const { gateway, tws } = await gatewayOf(healthy)
  await is(() => gateway.isReady)
  tws().write(frame(4, 2, 2147483647, 321, 'The API interface is currently in Read-Only mode.', ''))
  tws().write(frame(4, 2, 1_000_000_000, 10_167, 'Displaying delayed market data.', ''))
  await is(() => gateway.status().delayed)
  expect(gateway.status()).toMatchObject({ state: 'ready', readOnly: true, delayed: true })
})

test('a pacing violation is passed on to every process', async () => {
  const text = 'Historical Market Data Service error message:Historical data request pacing violation'
  const { gateway, clock } = await gatewayOf(answering((id) => frame(4, 2, id, 162, text, '')))
  await is(() => gateway.isReady)
  const penalize = vi.fn(async () => {})
  await expect(ask(gateway, clock, penalize)).rejects.toMatchObject({ kind: 'throttled' })
  expect(penalize).toHaveBeenCalledOnce()
})

test('paper that has become live between two connections stops the gateway, and nothing is sent', async () => {
  const { gateway, alertNames, connections } = await gatewayOf((socket, n) => {
    const accounts = frame(15, 1, n === 1 ? 'DU1234567' : 'U1234567')
    socket.write(Buffer.concat([VERSION, accounts, NEXT_ID, FARMS_OK]))
    if (n === 1) setTimeout(() => socket.destroy(), 20)
  })
  await is(() => gateway.status().state === 'closed')
  expect(gateway.status().reason).toMatch(/paper account DU1234567 and is now to live account U1234567/)
  expect(alertNames()).toContain('gateway.account')
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(connections()).toBe(2)
  expect(() => gateway.ready()).toThrow('the gateway is closed')
})

test('a TWS whose clock is five minutes off is told', async () => {
  const { gateway, alertNames } = await gatewayOf(healthy, { skewS: 300 })
  await is(() => alertNames().includes('gateway.clockSkew'))
  expect(gateway.status().clockSkewMs).toBeGreaterThan(200_000)
})

test('a clock that agrees is not told, however fast the market runs', async () => {
  const { gateway, alertNames } = await gatewayOf(healthy, { hurry: 60 })
  await is(() => gateway.status().clockSkewMs !== null)
  expect(alertNames()).toEqual([])
})

test('a TWS that stops reading ends in a fresh connection', async () => {
  const { gateway, connections } = await gatewayOf((socket, n) => {
    healthy(socket)
    if (n > 1) return
    socket.pause()
    // It goes on talking, so that only its deafness can be noticed.
    const talk = setInterval(() => socket.write(FARMS_OK), 5)
    socket.on('close', () => clearInterval(talk))
  })
  await is(() => gateway.isReady)
  await is(() => connections() === 2 && gateway.isReady)
})

test('garbage, one message after the other, ends in a fresh connection', async () => {
  const { gateway, connections } = await gatewayOf((socket, n) => {
    healthy(socket)
    if (n === 1) setTimeout(() => socket.write(Buffer.concat(Array(50).fill(frame(7_777, 'x')))), 20)
  })
  await is(() => connections() === 2 && gateway.isReady)
})

test("what TWS's clock has not reached is not asked for: it would count as asked, and its bars be lost", async () => {
  const { gateway, clock, server } = await gatewayOf(healthy, { hurry: 1, skewS: -60 })
  await is(() => gateway.isReady)
  const marketData = ibMarketData({
    gateway,
    market: clock,
    log: silentLog,
    pacing: { penalize: async () => {} },
  })
  const now = clock.now()
  const request = { ...REQUEST, from: plus(now, -90_000), to: plus(now, -5_000) }
  const slot = { at: now, sendBefore: plus(now, 60_000) }
  await expect(marketData.historicalBars(request, slot)).rejects.toMatchObject({
    kind: 'unavailable',
    message: "TWS's clock has not reached the end of the request",
  })
  expect(words(server.received())).not.toContain('1 secs')
})

import { connect } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { machineClock } from '../../src/clock/machine.ts'
import type { Message } from '../../src/simulator/fields.ts'
import { type SimulatorSetup, simulatorFor } from '../support/simulator.ts'
import { announcing, connected, LibraryClient, SPY } from './libraryClient.ts'
import { historyRequest, RawClient } from './rawClient.ts'

const bars = (client: LibraryClient, id: number) =>
  client
    .all('historicalData')
    .filter(([, reqId, time]) => reqId === id && !String(time).startsWith('finished'))

async function history(
  client: LibraryClient,
  id: number,
  step: string,
  duration: string,
  what = 'TRADES',
  end = '',
) {
  client.ib.reqHistoricalData(id, SPY, end, duration, step as never, what as never, 1, 2, false)
  for (;;) {
    await machineClock.sleep(2)
    const finished = client
      .all('historicalData')
      .some(([, reqId, time]) => reqId === id && String(time).startsWith('fin'))
    if (finished) return bars(client, id)
  }
}

const UNKNOWN = { ...(SPY as object), symbol: 'NO.SUCH' } as never

for (const version of [178, 193])
  describe(`@stoqey/ib at level ${version}`, () => {
    const setUp = async (setup: SimulatorSetup = {}) =>
      connected(await announcing(version, await simulatorFor(setup)))

    test('connects and is told account, order id and farms', async () => {
      const client = await setUp()
      expect(client.ib.serverVersion).toBe(version)
      expect(await client.seen('managedAccounts')).toEqual(['managedAccounts', 'DU1234567'])
      await client.seen('info')
      expect(client.all('info').map(([, , code]) => code)).toEqual([2104, 2106, 2158])
    })

    test('decodes a contract', async () => {
      const client = await setUp()
      const [, , details] = await client.ask((ib) => ib.reqContractDetails(3, SPY), 'contractDetails', 3)
      expect(details).toMatchObject({
        contract: { symbol: 'SPY', conId: 756733, primaryExch: 'ARCA', currency: 'USD', exchange: 'SMART' },
        minTick: 0.01,
        longName: 'SPDR S&P 500 ETF TRUST',
        timeZoneId: 'US/Eastern',
        stockType: 'ETF',
        minSize: 1,
        suggestedSizeIncrement: 100,
        marketRuleIds: expect.stringMatching(/^26(,26)*$/),
      })
      await client.seen('contractDetailsEnd', 3)
    })

    test('decodes bars, days and a schedule', async () => {
      const client = await setUp()
      const seconds = await history(client, 1, '1 secs', '60 S')
      expect(seconds.length).toBeGreaterThan(30)
      expect(seconds.every(([, , time, open]) => Number(time) >= 1717426740 && Number(open) > 1)).toBe(true)
      expect((await history(client, 2, '1 day', '2 D', 'MIDPOINT')).map((bar) => bar[2])).toEqual([
        '20240531',
        '20240603',
      ])
      client.ib.reqHistoricalData(3, SPY, '', '2 D', '1 day' as never, 'SCHEDULE' as never, 1, 1, false)
      const [, , start, end, zone, sessions] = await client.seen('historicalSchedule', 3)
      expect([start, end, zone]).toEqual(['20240531-09:30:00', '20240603-16:00:00', 'US/Eastern'])
      expect(sessions).toHaveLength(2)
    })

    test('reads an empty account to its end', async () => {
      const client = await setUp()
      const { ib } = client
      ib.reqPositions()
      ib.reqAllOpenOrders()
      ib.reqCompletedOrders(false)
      ib.reqAccountUpdates(true, '')
      ib.reqAccountUpdatesMulti(4, 'DU1234567', '', false)
      ib.reqExecutions(5, {})
      ib.reqAccountSummary(6, 'All', 'NetLiquidation')
      ib.reqCurrentTime()
      for (const end of ['positionEnd', 'openOrderEnd', 'completedOrdersEnd', 'accountDownloadEnd'])
        await client.seen(end)
      for (const [end, id] of [
        ['accountUpdateMultiEnd', '4'], // the library leaves this one id a text
        ['execDetailsEnd', 5],
        ['accountSummaryEnd', 6],
      ] as const)
        await client.seen(end, id)
      expect(await client.seen('accountSummary', 6)).toContain('1000000.00')
      expect(await client.seen('currentTime')).toEqual(['currentTime', 1717426800])
    })

    test('is refused what is not to be had, each time with its own id, and nothing is undecodable', async () => {
      const client = await setUp()
      const { ib } = client
      ib.reqContractDetails(11, UNKNOWN)
      ib.reqHistoricalData(12, SPY, '', '1 Y', '1 secs' as never, 'TRADES' as never, 1, 2, false)
      ib.cancelHistoricalData(13)
      ib.reqMktData(14, UNKNOWN, '', false, false)
      ib.placeOrder(15, SPY, { action: 'BUY', orderType: 'REL', totalQuantity: 1, transmit: true } as never)
      ib.cancelOrder(16)
      ib.reqTickByTickData(17, UNKNOWN, 'Last' as never, 0, false)
      ib.reqPnL(18, 'DU7654321', '')
      ib.reqRealTimeBars(19, UNKNOWN, 5, 'TRADES' as never, true)
      await client.ask((last) => last.reqCurrentTime(), 'currentTime')
      expect(client.all('error').map(([, , code, id]) => [id, code])).toEqual([
        [11, 200],
        [12, 162],
        [13, 366],
        [14, 200],
        [15, 387],
        [16, 10147],
        [17, 200],
        [18, 321],
        [19, 200],
      ])
    })

    test('learns heads, matching symbols and market rules', async () => {
      const client = await setUp()
      const [, , head] = await client.ask(
        (ib) => ib.reqHeadTimestamp(3, SPY, 'TRADES' as never, true, 1),
        'headTimestamp',
      )
      expect(head).toBe('19980102-14:30:00')
      const [, , samples] = await client.ask((ib) => ib.reqMatchingSymbols(4, 'spy'), 'symbolSamples', 4)
      expect(samples).toMatchObject([{ contract: { symbol: 'SPY', conId: 756733 } }])
      const [, , rule] = await client.ask((ib) => ib.reqMarketRule(26), 'marketRule', 26)
      expect(rule).toEqual([{ lowEdge: 0, increment: 0.01 }])
    })
  })

test('a second client with the same id is told 326 and hung up on', async () => {
  const { port } = await simulatorFor()
  await connected(port, 7)
  const second = new LibraryClient(port)
  await second.ask((ib) => ib.connect(7), 'disconnected')
  expect(second.all('info').map(([, , code]) => code)).toContain(326)
})

const control = async (port: number, path: string, init?: RequestInit) => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, init)
  const body = (await response.json()) as Record<string, unknown>
  return { status: response.status, type: response.headers.get('content-type'), body }
}

test('the same port tells its status and its clock as JSON', async () => {
  const { port } = await simulatorFor()
  const client = await connected(port, 7)
  await history(client, 1, '1 secs', '60 S')
  const status = await control(port, '/status')
  expect(status).toMatchObject({ status: 200, type: 'application/json' })
  expect(status.body).toEqual({
    simulated: true,
    now: '2024-06-03T15:00:00Z',
    real: expect.stringMatching(/^\d{4}-.*Z$/),
    world: { start: '2024-06-03T15:00:00Z', speed: 1, seed: 1, tape: 'generated', skip: null },
    anchor: { market: '2024-06-03T15:00:00Z', real: expect.stringMatching(/^\d{4}-.*Z$/) },
    isPaused: false,
    connections: [
      {
        clientId: 7,
        serverVersion: 193,
        messages: 2,
        historical: 1,
        violations: 0,
        openQueries: 0,
        streams: {},
      },
    ],
    counts: {
      messages: 2,
      dataLines: 0,
      dataLinesAllowed: 100,
      historical: 1,
      smallBars: 1,
      smallBarsIn600s: 1,
      maxSmallBarsIn600s: 1,
      orders: 0,
      openOrders: 0,
      executions: 0,
      violations: { window: 0, identical: 0, burst: 0, open: 0, messages: 0, realTimeBars: 0, lines: 0 },
    },
    violations: [],
    accounts: ['DU1234567'],
  })
  const { now, real, world, anchor } = (await control(port, '/clock?x=1')).body
  expect([now, typeof real, world, anchor]).toEqual([
    status.body.now,
    'string',
    status.body.world,
    status.body.anchor,
  ])
})

test('an unknown path is 404 and another method 405, as JSON', async () => {
  const { port } = await simulatorFor()
  expect(await control(port, '/nothing')).toMatchObject({
    status: 404,
    body: { paths: expect.arrayContaining(['/status', '/clock']) },
  })
  expect(await control(port, '/status', { method: 'POST', body: '{}' })).toMatchObject({ status: 405 })
})

test('broken limits are listed with rule and client', async () => {
  const simulator = await simulatorFor()
  const client = await connected(simulator.port, 7)
  await history(client, 1, '1 secs', '60 S')
  client.ib.reqHistoricalData(2, SPY, '', '60 S', '1 secs' as never, 'TRADES' as never, 1, 2, false)
  await client.seen('error')
  expect(simulator.status().violations).toEqual([
    {
      rule: 'identical',
      time: '2024-06-03T15:00:00Z',
      clientId: 7,
      detail: expect.stringContaining('request 2'),
    },
  ])
})

/** Sends bytes to a port and answers what came back until the other side hung up. */
const shout = (port: number, bytes: Buffer, reads = true): Promise<Buffer> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = []
    const socket = connect({ host: '127.0.0.1', port })
    if (reads) socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', () => {})
    socket.on('close', () => resolve(Buffer.concat(chunks)))
    socket.write(bytes)
  })

test('whoever speaks neither language is hung up on, and the port stays open', async () => {
  const { port } = await simulatorFor()
  const strangers = ['\x16\x03\x01\x02\x00', 'APX', 'GET // nonsense\r\n\r\n', 'SSH-2.0-x\r\n']
  for (const words of strangers) await shout(port, Buffer.from(words, 'latin1'))
  await shout(port, Buffer.concat([RawClient.greeting('v100..193'), Buffer.from([0x7f, 0xff, 0xff, 0xff])]))
  expect((await control(port, '/clock')).status).toBe(200)
})

test('a client that does not read is dropped before it fills our memory', async () => {
  const switches = { messageRate: 'off', pacing: 'off', maxUnreadBytes: 1_000_000 } as const
  const simulator = await simulatorFor({ switches })
  const socket = connect({ host: '127.0.0.1', port: simulator.port })
  onTestFinished(() => void socket.on('error', () => {}).destroy())
  const start: Message = [71, 2, 9, '']
  socket.write(Buffer.concat([RawClient.greeting('v100..193'), RawClient.framed(start)]))
  const isThere = () => simulator.status().connections.length === 1
  while (!isThere()) await machineClock.sleep(2)
  for (let id = 1; isThere(); id++) {
    socket.write(RawClient.framed(historyRequest({ id, duration: '1800 S' })))
    await machineClock.sleep(2)
  }
  expect(simulator.status().counts.historical).toBeGreaterThan(10)
})

test('closing hangs up on everyone and frees the port', async () => {
  const simulator = await simulatorFor()
  const client = await connected(simulator.port)
  await simulator.close()
  await client.seen('disconnected')
  await expect(control(simulator.port, '/clock')).rejects.toThrow()
})

test('it listens on loopback alone', async () =>
  expect(simulatorFor({ host: '0.0.0.0' })).rejects.toThrow('loopback alone'))

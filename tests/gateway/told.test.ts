import type { Socket } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { openAlerts } from '../../src/alerts.ts'
import { Gateway } from '../../src/gateway/gateway.ts'
import { ibMarketData } from '../../src/gateway/ibMarketData.ts'
import { hurriedClock } from '../support/hurriedClock.ts'
import { frame, HANDSHAKE, scriptedTws } from '../support/scriptedTws.ts'
import { silentLog } from '../support/simulator.ts'

const undo: (() => void)[] = []
afterEach(() => {
  for (const step of undo.splice(0)) step()
})

const message = (id: string | number, code: number, text: string) => frame(4, 2, id, code, text, '')

/** A TWS that is well, answers pings, and gives every question for a contract or for bars one error message. */
async function refusing(code: number, text: string) {
  const clock = hurriedClock(1)
  const server = await scriptedTws((socket: Socket) => {
    socket.write(Buffer.concat([HANDSHAKE, message(-1, 2106, 'HMDS data farm connection is OK:ushmds')]))
    socket.on('data', (data) => {
      const sent = String(data).replaceAll('\0', ' ')
      if (sent.includes('49 1 ')) socket.write(frame(49, 1, Math.floor(clock.now() / 1_000)))
      const id = /(?:20|9 8) (1\d{9}) /.exec(sent)?.[1]
      if (id !== undefined) socket.write(message(id, code, text))
    })
  })
  const alerts = openAlerts({ market: clock, log: silentLog })
  const address = { host: '127.0.0.1', port: server.port, clientId: 17 }
  const edges = { market: clock, machine: clock, random: () => 0.5, alerts, log: silentLog }
  const gateway = new Gateway({ address, ...edges })
  const stopping = new AbortController()
  void gateway.run(stopping.signal)
  undo.push(() => {
    stopping.abort()
    server.close()
  })
  await vi.waitUntil(() => gateway.isReady, { timeout: 10_000, interval: 5 })
  const marketData = ibMarketData({
    gateway,
    market: clock,
    log: silentLog,
    pacing: { penalize: async () => {} },
  })
  return { gateway, marketData }
}

const CASES = [
  [200, 'No security definition has been found for the request', 'refused'],
  [354, 'Requested market data is not subscribed.', 'refused'],
  [10168, 'Requested market data is not subscribed. Delayed market data is not enabled.', 'refused'],
  [100, 'Max rate of messages per second has been exceeded: max=50 rec=51', 'unavailable'],
  [320, 'Server error when reading an API client request.', 'unavailable'],
] as const
for (const [code, text, kind] of CASES) {
  test(`${code} ends its request as ${kind}, with the words of TWS`, async () => {
    const { gateway, marketData } = await refusing(code, text)
    await expect(marketData.qualify('SPY')).rejects.toMatchObject({
      kind,
      message: expect.stringContaining(text),
    })
    expect(gateway.isReady).toBe(true)
  })
}

test('a read-only API is told as such', async () => {
  const { gateway, marketData } = await refusing(
    321,
    'Error validating request: The API interface is currently in Read-Only mode.',
  )
  await expect(marketData.qualify('SPY')).rejects.toMatchObject({ kind: 'refused' })
  expect(gateway.status().readOnly).toBe(true)
})

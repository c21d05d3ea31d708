import { request } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { machineClock } from '../../src/clock/machine.ts'
import { type SteerableClock, steerableClock } from '../../src/clock/steerable.ts'
import { parseInstant } from '../../src/market/time.ts'
import { generatedMarket } from '../../src/simulator/generator.ts'
import { type Simulator, startSimulator } from '../../src/simulator/server.ts'
import { followClock } from '../../src/simulatorClock.ts'
import { silentLog, simulatorFor } from '../support/simulator.ts'
import { connected } from './libraryClient.ts'

const START = '2024-06-03T15:00:00Z'

/** A simulator whose clock the control port may set; paused at first. */
async function steered(): Promise<{ simulator: Simulator; clock: SteerableClock }> {
  const world = { start: parseInstant(START), speed: 10, seed: 1, tape: 'generated', skip: null }
  const anchor = machineClock.now()
  const clock = steerableClock(machineClock, { world, anchor, isPaused: true })
  const simulator = await startSimulator({
    ...{ host: '127.0.0.1', port: 0, market: generatedMarket({ seed: 1 }), world, anchor, log: silentLog },
    ...{ clock, hands: clock, machine: machineClock },
  })
  onTestFinished(() => simulator.close())
  return { simulator, clock }
}

async function call(port: number, method: string, path: string, body?: unknown, headers = {}) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

test('a paused clock is stepped, moved and let go, and always told as it is', async () => {
  const { port } = (await steered()).simulator
  const set = async (change: object) => (await call(port, 'POST', '/clock', change)).body
  expect((await call(port, 'GET', '/clock')).body).toMatchObject({ now: START, isPaused: true })
  expect(await set({ step: 90 })).toMatchObject({ now: '2024-06-03T15:01:30Z', isPaused: true })
  expect(await set({ jump: '2024-06-03T19:59:00Z' })).toMatchObject({
    now: '2024-06-03T19:59:00Z',
    anchor: { market: '2024-06-03T19:59:00Z' },
  })
  expect(await set({ speed: 1 })).toMatchObject({ world: { speed: 1 }, isPaused: true })
  expect(await set({ resume: true })).toMatchObject({ isPaused: false })
  expect(await set({ pause: true })).toMatchObject({ isPaused: true })
})

test('a service that is attached follows the clock that was set', async () => {
  const { simulator, clock } = await steered()
  const follower = steerableClock(machineClock, clock.era)
  const at = { host: simulator.host, port: simulator.port }
  onTestFinished(followClock(follower, at, { machine: machineClock, log: silentLog }))
  await call(simulator.port, 'POST', '/clock', { step: 3_600 })
  await follower.sleepUntil(parseInstant('2024-06-03T16:00:00Z'))
  expect(follower.now()).toBe(clock.now())
})

for (const [body, path, reason] of [
  [{}, '/', 'must be one of pause, resume, speed, step, jump'],
  [{ pause: true, speed: 2 }, '/', 'must be one of'],
  [{ speed: 0 }, '/speed', '>0'],
  [{ jump: 'tomorrow' }, '/jump', 'datetime'],
  [{ jump: '2024-06-03T14:59:59Z' }, '/jump', 'never goes back'],
  [{ jump: '9999-01-01T00:00:00Z' }, '/jump', 'no time of a market'],
  [{ halt: true }, '/halt', 'is not known here'],
] as const)
  test(`a clock is not set to ${JSON.stringify(body)}`, async () => {
    const { port } = (await steered()).simulator
    const answer = await call(port, 'POST', '/clock', body)
    expect(answer).toMatchObject({
      status: 400,
      body: { issues: expect.arrayContaining([{ path, message: expect.stringContaining(reason) }]) },
    })
  })

test('the clock of a simulator that is part of a service is not set', async () => {
  const { port } = await simulatorFor()
  expect(await call(port, 'POST', '/clock', { pause: true })).toMatchObject({ status: 409 })
})

test('a body that is no JSON is refused', async () => {
  const { port } = await simulatorFor()
  expect(await call(port, 'POST', '/clock', '{ pause')).toMatchObject({
    status: 400,
    body: { error: expect.stringContaining('no JSON') },
  })
})

test('a body of more than a megabyte is refused, and the port goes on', async () => {
  const { port } = await simulatorFor()
  expect(await call(port, 'POST', '/clock', ' '.repeat(5_000_000))).toEqual({
    status: 413,
    body: { error: 'the body is longer than 1000000 bytes' },
  })
  expect((await call(port, 'GET', '/clock')).status).toBe(200)
})

test('a page of another site is not heard', async () => {
  const { port } = await simulatorFor()
  const origin = { origin: 'http://example.com' }
  expect((await call(port, 'POST', '/switches', { readOnly: true }, origin)).status).toBe(403)
  expect((await call(port, 'GET', '/switches')).body.readOnly).toBe(false)
})

test('a site that leads its own name here is not heard either', async () => {
  const { port } = await simulatorFor()
  const headers = { host: `example.com:${port}`, origin: `http://example.com:${port}` }
  const status = await new Promise((resolve) =>
    request({ port, method: 'POST', path: '/switches', headers }, ({ statusCode }) =>
      resolve(statusCode),
    ).end('{"readOnly":true}'),
  )
  expect([status, (await call(port, 'GET', '/switches')).body.readOnly]).toEqual([403, false])
  const own = { origin: `http://127.0.0.1:${port}` }
  expect((await call(port, 'POST', '/switches', { readOnly: true }, own)).status).toBe(200)
})

test('switches are turned by name', async () => {
  const { port } = await simulatorFor()
  const turned = await call(port, 'POST', '/switches', { readOnly: true, pacing: 'delay' })
  expect(turned.body).toMatchObject({ readOnly: true, pacing: 'delay', messageRate: 'strict' })
  for (const [body, path] of [
    [{ pacing: 'perhaps' }, '/pacing'],
    [{ dataLines: -1 }, '/dataLines'],
    [{ nothing: 1 }, '/nothing'],
  ] as const)
    expect(await call(port, 'POST', '/switches', body)).toMatchObject({
      status: 400,
      body: { issues: [{ path }] },
    })
})

test('a client is disconnected by its id', async () => {
  const { port } = await simulatorFor()
  const client = await connected(port, 7)
  expect(await call(port, 'POST', '/clients/7/disconnect')).toEqual({ status: 200, body: { clientId: 7 } })
  await client.seen('disconnected')
  expect(await call(port, 'POST', '/clients/7/disconnect')).toMatchObject({ status: 404 })
})

test('a trade by hand changes the position that a client follows', async () => {
  const { port } = await simulatorFor()
  const client = await connected(port, 7)
  await client.ask((ib) => ib.reqPositions(), 'positionEnd')
  const trade = { symbol: 'SPY', side: 'BOT', quantity: 25, price: 500 }
  expect(await call(port, 'POST', '/accounts/DU1234567/trades', trade)).toMatchObject({ status: 201 })
  const [, account, contract, quantity, cost] = await client.seen('position')
  expect([account, contract, quantity, cost]).toEqual([
    'DU1234567',
    expect.objectContaining({ symbol: 'SPY' }),
    25,
    500.04,
  ])
})

for (const [path, body, status] of [
  ['/accounts/DU9/trades', { symbol: 'SPY', side: 'BOT', quantity: 1, price: 1 }, 404],
  ['/accounts/DU1234567/trades', { symbol: 'SPY', side: 'BUY', quantity: 1 }, 400],
  ['/accounts/DU1234567/trades', { symbol: 'SPY', side: 'SLD', quantity: 0 }, 400],
] as const)
  test(`a trade is not made of ${JSON.stringify(body)} at ${path}`, async () =>
    expect((await call((await simulatorFor()).port, 'POST', path, body)).status).toBe(status))

test('nothing is bought that the market does not trade', async () => {
  const { port } = await simulatorFor({ market: generatedMarket({ seed: 1, symbols: ['SPY'] }) })
  const trade = { symbol: 'IBM', side: 'BOT', quantity: 1, price: 100 }
  expect(await call(port, 'POST', '/accounts/DU1234567/trades', trade)).toMatchObject({
    status: 400,
    body: { issues: [{ path: '/symbol' }] },
  })
})

test('the page for people shows the clients, and needs no other server', async () => {
  const simulator = await simulatorFor()
  await connected(simulator.port, 7)
  const response = await fetch(`http://127.0.0.1:${simulator.port}/`)
  const page = await response.text()
  expect(response.headers.get('content-type')).toContain('text/html')
  expect(page).toContain('<td>7</td>')
  expect(page).not.toMatch(/<script|https?:\/\//)
})

import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { machineClock } from '../../src/clock/machine.ts'
import { SCENARIO_SCHEMA } from '../../src/simulator/faults/scenario.ts'
import type { Simulator } from '../../src/simulator/server.ts'
import { silentLog, simulatorFor } from '../support/simulator.ts'
import { connected } from './libraryClient.ts'
import { RawClient } from './rawClient.ts'

/** How a TCP client fares: the bytes that it got, and how its connection ended. */
function fate(port: number, bytes: Buffer): Promise<{ got: number; ended: string }> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    let got = 0
    socket.on('connect', () => socket.write(bytes))
    socket.on('data', (chunk) => {
      got += chunk.length
    })
    socket.on('error', (error) => resolve({ got, ended: (error as NodeJS.ErrnoException).code! }))
    socket.on('end', () => resolve({ got, ended: 'closed' }))
  })
}

const HELLO = Buffer.concat([RawClient.greeting('v100..193'), RawClient.framed([71, 2, 1, ''], [49, 1])])

const control = async (
  { port }: Pick<Simulator, 'port'>,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: unknown }> => {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: await answer.json() }
}

const scenario = (...faults: readonly unknown[]) => SCENARIO_SCHEMA.parse({ faults })

test('while it refuses nobody can connect, and then everybody can again', async () => {
  const simulator = await simulatorFor({
    clock: machineClock,
    scenario: scenario({ fault: 'refuse', for: 0.3 }),
  })
  await expect.poll(async () => (await fate(simulator.port, HELLO)).ended).toBe('ECONNREFUSED')
  await machineClock.sleep(300)
  await connected(simulator.port)
})

test('a port that somebody else has taken meanwhile is tried again until it is free', async () => {
  const errors: string[] = []
  const log = { ...silentLog, error: (_context: unknown, message: string) => void errors.push(message) }
  const simulator = await simulatorFor({
    ...{ clock: machineClock, log },
    scenario: scenario({ fault: 'refuse', for: 0.3 }),
  })
  await expect.poll(async () => (await fate(simulator.port, HELLO)).ended).toBe('ECONNREFUSED')
  const other = createServer().listen({ host: '127.0.0.1', port: simulator.port })
  await once(other, 'listening')
  await expect.poll(() => errors).toEqual(['the port cannot be opened again; it is tried every second'])
  other.close()
  const answered = () =>
    control(simulator, 'GET', '/clock').then(
      ({ status }) => status,
      () => null,
    )
  await expect.poll(answered, { timeout: 3_000 }).toBe(200)
})

test('a reset in the middle of a frame reaches the client as one, after half the frame', async () => {
  const simulator = await simulatorFor({ scenario: scenario({ fault: 'resetMidFrame', nth: 2 }) })
  const { got, ended } = await fate(simulator.port, HELLO)
  expect([got > 30, ended]).toEqual([true, 'ECONNRESET'])
})

test('a client that is dribbled at byte by byte understands everything', async () => {
  const simulator = await simulatorFor({ scenario: scenario({ fault: 'dribble', with: { bytes: 200 } }) })
  const client = await connected(simulator.port)
  await client.ask((ib) => ib.reqCurrentTime(), 'currentTime')
  expect(client.all('error')).toEqual([])
})

test('faults are armed, listed and taken away by the control port', async () => {
  const simulator = await simulatorFor()
  const client = await connected(simulator.port)
  const fault = { fault: 'requestRefused', on: { request: 'positions' }, with: { code: 321 } }
  expect(await control(simulator, 'POST', '/faults', fault)).toEqual({ status: 201, body: { id: 1 } })
  await client.ask((ib) => ib.reqPositions(), 'info')
  expect(await control(simulator, 'GET', '/faults')).toEqual({
    status: 200,
    body: { faults: [{ id: 1, fault: 'requestRefused', isOn: true, strikes: 1 }] },
  })
  expect(await control(simulator, 'DELETE', '/faults/1')).toEqual({ status: 200, body: { faults: [] } })
  await client.ask((ib) => ib.reqPositions(), 'positionEnd')
  expect((await control(simulator, 'DELETE', '/faults/1')).status).toBe(404)
})

test('the control port refuses a fault that it does not know, and says what is wrong with one that it knows', async () => {
  const simulator = await simulatorFor()
  const wrong = await control(simulator, 'POST', '/faults', { fault: 'silent', with: { after: 'lunch' } })
  expect(wrong).toMatchObject({ status: 400, body: { issues: [{ path: '/with/after' }] } })
  expect((await control(simulator, 'POST', '/faults', { fault: 'meteor' })).status).toBe(400)
  expect((await control(simulator, 'POST', '/faults', { fault: 'refuse' })).status).toBe(400)
})

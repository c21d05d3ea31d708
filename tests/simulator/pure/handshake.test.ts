import { expect, test } from 'vitest'
import { negotiate } from '../../../src/simulator/handshake.ts'
import { RawClient, terminal } from '../rawClient.ts'

const offers: [offer: string, version: number | null][] = [
  ['v100..193', 193],
  ['v157..178', 178],
  ['v100..176', 176],
  ['v100..222', 193],
  ['v193', 193],
  ['v178', 178],
  ['v100..193 +PACEAPI', 193],
  ['v194..222', null],
  ['v100..175', null],
  ['v175', null],
  ['v', null],
  ['100..193', null],
  ['v100..', null],
  ['', null],
]

for (const [offer, version] of offers)
  test(`the offer ${JSON.stringify(offer)} ${version ? `is met at ${version}` : 'is refused'}`, () =>
    expect(negotiate(offer)).toBe(version))

test('the answer to an offer is the version and the time of the market', () => {
  const client = new RawClient(terminal({ now: '2024-06-03T15:00:00Z' }))
  client.sendBytes(RawClient.greeting('v100..193'))
  expect(client.received()).toEqual([['193', '20240603 11:00:00 US/Eastern']])
})

test('a client without a common version is hung up on', () => {
  const client = new RawClient(terminal())
  client.sendBytes(RawClient.greeting('v194..222'))
  expect([client.hungUp, client.received()]).toEqual([true, []])
})

test('a stream that is no API client is hung up on at its first strange byte', () => {
  const client = new RawClient(terminal())
  client.sendBytes(Buffer.from('AP'))
  expect(client.hungUp).toBe(false)
  client.sendBytes(Buffer.from('X'))
  expect(client.hungUp).toBe(true)
})

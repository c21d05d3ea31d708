import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EVENT_BODIES } from '../../../openapi/events.ts'
import { messageOf } from '../../../src/webhook/message.ts'
import { secondAt } from '../../support/bars.ts'
import { gatewayEvent } from '../../support/events.ts'

const placed = (reason: string) =>
  ({ ...gatewayEvent(0), id: 'evt_1', sequence: 7, data: { state: 'ready', before: null, reason } }) as never

test('a message is the event as the contract has it', () => {
  const body = JSON.parse(messageOf({ event: placed('why') }))
  expect(EVENT_BODIES['gateway.state'].parse(body)).toMatchObject({
    id: 'evt_1',
    sequence: 7,
    data: { reason: 'why' },
  })
})

test('no message has more than 20,000 bytes, and a long one keeps its form', () => {
  const fits = (reason: string) => {
    const message = messageOf({ event: placed(reason) })
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(20_000)
    EVENT_BODIES['gateway.state'].parse(JSON.parse(message))
  }
  fc.assert(fc.property(fc.string({ unit: 'grapheme', minLength: 0, maxLength: 9_000, size: 'max' }), fits), {
    numRuns: 50,
  })
  fits('"'.repeat(30_000))
  fits('漢'.repeat(30_000))
})

test('a test has a type of its own and no place in the line', () => {
  const event = { id: 'evt_t', type: 'webhook.test', time: secondAt(0) } as const
  expect(JSON.parse(messageOf({ event }))).toMatchObject({ id: 'evt_t', type: 'webhook.test', sequence: 0 })
})

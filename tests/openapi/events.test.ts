import { expect, test } from 'vitest'
import type { z } from 'zod'
import { EVENT_BODIES, EVENT_EXAMPLE, EVENT_TYPES, type EVENTS, event } from '../../openapi/events.ts'
import type { EventData, EventType } from '../../src/ports/events.ts'
import { appOf } from './memory.ts'

type Told<T extends EventType> = z.output<(typeof EVENTS)[T]['data']>
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never

/** Does not compile where the contract and what the service writes differ. */
const SAME: { [T in EventType]: Same<Told<T>, EventData[T]> } = {
  'trade.opened': true,
  'trade.closed': true,
  'order.submitted': true,
  'order.partially_filled': true,
  'order.filled': true,
  'order.rejected': true,
  'order.cancelled': true,
  'stop.moved': true,
  'trader.state': true,
  'gateway.state': true,
  'backfill.finished': true,
  'collection.stalled': true,
  'alert.raised': true,
  'alert.cleared': true,
  'parity.report': true,
  'day.summary': true,
}

interface Document {
  webhooks: Record<
    string,
    { post: { requestBody: { content: Record<string, { schema: { $ref: string } }> } } }
  >
  components: { schemas: Record<string, { properties: { type: { const: string } } }> }
}

test('every type of event has a body in the contract', () => {
  expect([...EVENT_TYPES].sort()).toEqual(Object.keys(SAME).sort())
})

test('every type of event is a webhook of the document, with the schema of its body', async () => {
  const document = (await (await appOf().request('/openapi.json')).json()) as Document
  expect(Object.keys(document.webhooks).sort()).toEqual([...EVENT_TYPES].sort())
  for (const [type, { post }] of Object.entries(document.webhooks)) {
    const name = post.requestBody.content['application/json']!.schema.$ref.split('/').at(-1)!
    expect(document.components.schemas[name]!.properties.type.const).toBe(type)
  }
})

test('a body is read by its type, and nothing may be added to it', () => {
  expect(event.parse(EVENT_EXAMPLE)).toEqual(EVENT_EXAMPLE)
  expect(EVENT_BODIES['trade.opened'].safeParse({ ...EVENT_EXAMPLE, more: 1 }).success).toBe(false)
  expect(event.safeParse({ ...EVENT_EXAMPLE, type: 'trade.closed' }).success).toBe(false)
})

import { eventBody } from '../events/body.ts'
import { isoInstant } from '../market/time.ts'
import type { DueDelivery } from '../ports/webhooks.ts'

/** What a message may have, by Standard Webhooks. */
const MOST_BYTES = 20_000
/** Of every text of a message that is too long. */
const MOST_CHARACTERS = 500

/** The text that is signed and sent: the same at every try. */
export function messageOf({ event }: Pick<DueDelivery, 'event'>): string {
  const body = event.type === 'webhook.test' ? testBody(event) : eventBody(event)
  const text = JSON.stringify(body)
  if (Buffer.byteLength(text) <= MOST_BYTES) return text
  return JSON.stringify(body, (_, value: unknown) => (typeof value === 'string' ? shortened(value) : value))
}

/** Of a kind of its own, so that nobody takes it for something that has happened. */
const testBody = ({ id, type, time }: DueDelivery['event']) => ({
  id,
  type,
  time: isoInstant(time),
  sequence: 0,
  data: { message: 'This is a test.' },
})

const shortened = (text: string): string =>
  text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`

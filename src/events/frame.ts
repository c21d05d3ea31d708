import type { EventType, TradingEvent } from '../ports/events.ts'
import { eventBody } from './body.ts'

/** An event as a frame of Server-Sent Events: made once, and shared by everybody who is sent it. */
export interface Frame {
  readonly sequence: number
  readonly type: EventType
  readonly text: string
}

export const frameOf = (event: TradingEvent): Frame => ({
  sequence: event.sequence,
  type: event.type,
  text: `id: ${event.sequence}\nevent: ${event.type}\ndata: ${JSON.stringify(eventBody(event))}\n\n`,
})

/** How soon a client that was cut off comes back. */
const RETRY_MS = 2_000

/** The first frame says where the client stands, so that it can come back before it has seen an event. */
export const opening = (sequence: number): string => `retry: ${RETRY_MS}\nid: ${sequence}\n\n`

/** Nothing has happened for a while: for those who listen to some types only the place moves on all the same. */
export const heartbeat = (sequence: number): string => `: nothing new\nid: ${sequence}\n\n`

export const dropped = (sequence: number): string =>
  `event: dropped\ndata: ${JSON.stringify({ resumeFrom: sequence })}\n\n`

export const reset = (latest: number): string =>
  `id: ${latest}\nevent: reset\ndata: ${JSON.stringify({ latest })}\n\n`

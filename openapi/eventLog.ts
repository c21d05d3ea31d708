import { z } from 'zod'
import { EVENT_EXAMPLE, EVENT_TYPES, event } from './events.ts'
import { words } from './fields.ts'
import { operation } from './operation.ts'
import { page, pageQuery } from './page.ts'

const types = words(EVENT_TYPES)
  .optional()
  .describe('Only events of these types, separated by commas; all when left out.')

export const listEvents = operation({
  method: 'get',
  path: '/v1/events/log',
  operationId: 'listEvents',
  tag: 'Notifications',
  summary: 'List what has happened',
  description: 'Newest first. What is listed here is what webhooks and `GET /v1/events` tell.',
  access: 'read',
  query: z.strictObject({ types, ...pageQuery }),
  answers: {
    200: {
      description: 'A page of events.',
      schema: page(event, 'EventPage'),
      example: { items: [EVENT_EXAMPLE], nextCursor: null },
    },
  },
  problems: [400, 503],
})

export const streamEvents = operation({
  method: 'get',
  path: '/v1/events',
  operationId: 'streamEvents',
  tag: 'Notifications',
  summary: 'Follow what happens, as Server-Sent Events',
  description:
    'A frame has the sequence of an event as `id`, its type as `event` and its body as `data`. The stream begins with ' +
    'the next event; after `Last-Event-ID`, which browsers send by themselves when they connect again, or after the ' +
    'sequence `after`, it begins with what was missed, without a gap or a repetition. A comment every 15 seconds keeps ' +
    'it open. A client that takes nothing while 256 events or 1 MiB wait for it is sent `event: dropped` with ' +
    '`{ "resumeFrom": sequence }` and disconnected. A sequence that was never given, as after the restore of a backup, ' +
    'is answered with `event: reset` and `{ "latest": sequence }`, from which the stream goes on.',
  access: 'read',
  always: true,
  query: z.strictObject({
    types,
    after: z
      .int()
      .min(0)
      .optional()
      .describe('Begin after this sequence; `Last-Event-ID` counts where both are given.'),
  }),
  lastEventId: true,
  answers: {
    200: {
      description: 'The stream, until the client or the service ends.',
      schema: null,
      mediaType: 'text/event-stream',
      live: true,
    },
  },
  problems: [429, 503],
})

import { z } from 'zod'
import { refuseClientId } from '../handlers/startApi.ts'
import { entry, type FaultEntry } from './entry.ts'
import type { Scene, Spoken } from './fault.ts'

/** Messages of the server before it falls silent. */
const SPOKEN_BEFORE = { nothing: 0, version: 1, accounts: 2 }

/** Connections that are refused, lost, or silent. */
export const CONNECTION_FAULTS = {
  refuse: {
    ...entry('new connections are refused: nothing listens, the control port included', {}, () => ({
      kind: 'spell',
      begin: ({ tws }) => tws.door.shut(),
      end: ({ tws }) => tws.door.open(),
    })),
    mustEnd: true,
  },
  restart: {
    ...entry('every connection is closed, and new ones are refused until it is over', {}, () => ({
      kind: 'spell',
      begin({ tws, lines }) {
        tws.door.shut()
        for (const line of lines()) line.client.end('restart')
      },
      end({ tws }) {
        tws.orderIds.restarted()
        tws.desk.restarted()
        tws.door.open()
      },
    })),
    mustEnd: true,
  },
  acceptThenClose: entry('a connection is accepted and closed at once', {}, () => ({
    kind: 'strike',
    meet: (line) => line.client.end('accepted and closed'),
  })),
  silent: entry(
    'a connection is accepted, and the server falls silent: before its version, after it, or after the accounts',
    { after: z.enum(['nothing', 'version', 'accounts']).default('nothing') },
    ({ after }) => ({
      kind: 'strike',
      meet: (line) => line.fallSilentAfter(SPOKEN_BEFORE[after]),
    }),
  ),
  halfOpen: entry(
    'nothing passes on the connections that are open, in either direction, and TCP stays; then all that was held comes at once',
    {},
    () => ({
      kind: 'spell',
      begin: ({ lines }) => eachOf(lines, 'stall'),
      end: ({ lines }) => eachOf(lines, 'resume'),
    }),
  ),
  close: entry('the connections that are open are closed in good order', {}, () => ({
    kind: 'spell',
    begin({ lines }) {
      for (const line of lines()) line.client.end('closed by a fault')
    },
  })),
  reset: entry('the connections that are open are reset (RST)', {}, () => ({
    kind: 'spell',
    begin: ({ lines }) => eachOf(lines, 'reset'),
  })),
  clientIdInUse: entry('a client id is refused as being in use (326)', {}, () => ({
    kind: 'strike',
    of: ['startApi'],
    hear: refuseId,
  })),
  clientIdHeld: entry(
    'after a connection was broken rather than closed, its client id stays in use (326) for `seconds` of market time',
    { seconds: z.number().positive().default(60) },
    ({ seconds }) => ({
      kind: 'spell',
      of: ['startApi'],
      begin() {},
      hear: (request, scene) =>
        !scene.tws.faults.wasLost(Number(request.fields[2]), seconds * 1_000) || refuseId(request, scene),
    }),
  ),
} as const satisfies Record<string, FaultEntry>

function refuseId({ line: { client } }: Spoken, { tws }: Scene): boolean {
  refuseClientId(client, tws)
  return false
}

function eachOf(lines: Scene['lines'], act: 'stall' | 'resume' | 'reset'): void {
  for (const line of lines()) line[act]()
}

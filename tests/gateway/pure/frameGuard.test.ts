import { EventName, IBApi } from '@stoqey/ib'
import { expect, test } from 'vitest'
import { badLength, guardFrames } from '../../../src/gateway/frameGuard.ts'
import { unquoted } from '../../../src/gateway/quotedJson.ts'

function frame(...fields: (string | number)[]): Buffer {
  const body = Buffer.from(fields.map((field) => `${field}\0`).join(''))
  const header = Buffer.alloc(4)
  header.writeUInt32BE(body.length)
  return Buffer.concat([header, body])
}

const withLength = (length: number): Buffer => {
  const header = Buffer.alloc(4)
  header.writeInt32BE(length)
  return header
}

/** A guarded library object that is fed by hand instead of by a socket. */
function guarded(): { api: IBApi; feed: (data: Buffer) => void; broken: string[]; heard: () => number } {
  const api = new IBApi({ host: '127.0.0.1', port: 1, maxReqPerSec: 40 })
  const broken: string[] = []
  let heard = 0
  guardFrames(
    api,
    () => {
      heard++
    },
    (reason) => broken.push(reason),
  )
  const socket = (api as unknown as { controller: { socket: { onData(data: Buffer): void; send(): void } } })
    .controller.socket
  socket.send = () => {}
  return { api, feed: (data) => socket.onData(data), broken, heard: () => heard }
}

test('the library still keeps its socket where the guard expects it', () => {
  expect(() => guarded()).not.toThrow()
})

for (const length of [0, -1, -4, -100, -(2 ** 31), 0x1000000, 2 ** 31 - 1]) {
  test(`a frame of length ${length} breaks the connection before the library sees it`, () => {
    const { feed, broken } = guarded()
    feed(withLength(length))
    expect(broken).toEqual([`a frame announces ${length} bytes`])
  })
}

test('an impossible length behind good frames is found', () => {
  const bytes = Buffer.concat([frame(9, 1, 1), withLength(-1)])
  expect(badLength(bytes)).toBe(-1)
  for (let cut = 0; cut <= bytes.length; cut++) {
    expect(badLength(Buffer.concat([bytes.subarray(0, cut), bytes.subarray(cut)]))).toBe(-1)
  }
})

test('what the decoder throws is contained, and nothing passes after it', () => {
  const { api, feed, broken, heard } = guarded()
  api.on(EventName.currentTime, () => {
    throw new Error('a listener fails')
  })
  feed(frame(193, '20260601 09:31:00 US/Eastern'))
  feed(frame(49, 1, 5))
  expect(broken).toHaveLength(1)
  feed(frame(9, 1, 1))
  expect(broken).toHaveLength(1)
  expect(heard()).toBe(2)
})

const DETAILS = ['{not json', '{"8229":"x=1"}', '\\u00', '"', '%', 'né 😀', `{"text":"${'y'.repeat(9_000)}"}`]
for (const details of DETAILS) {
  test(`what comes with a rejection is passed on as text: ${details.slice(0, 20)}`, () => {
    const { api, feed, broken } = guarded()
    const told: unknown[] = []
    api.on(EventName.error, (...[error, code, id, quoted]: unknown[]) =>
      told.push((error as Error).message, code, id, unquoted(quoted)),
    )
    feed(frame(193, '20260601 09:31:00 US/Eastern'))
    feed(frame(4, 2, 5, 201, 'rejected', details))
    expect(broken).toEqual([])
    expect(told).toEqual(['rejected', 201, 5, details.slice(0, 4_000)])
  })
}

test('frames cut at every byte arrive whole', () => {
  const bytes = Buffer.concat([frame(193, '20260601 09:31:00 US/Eastern'), frame(9, 1, 77), frame(49, 1, 5)])
  for (let cut = 1; cut < bytes.length; cut++) {
    const { feed, broken } = guarded()
    feed(bytes.subarray(0, cut))
    feed(bytes.subarray(cut))
    expect(broken).toEqual([])
  }
})

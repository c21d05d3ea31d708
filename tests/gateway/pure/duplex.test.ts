import { EventEmitter } from 'node:events'
import { IBApi } from '@stoqey/ib'
import { expect, test } from 'vitest'
import { type Duplex, dialBy } from '../../../src/gateway/duplex.ts'
import { HANDSHAKE } from '../../support/scriptedTws.ts'

/** A stream whose other end is the test. */
class Stream extends EventEmitter implements Duplex {
  readonly written: string[] = []

  write(data: Uint8Array): void {
    this.written.push(Buffer.from(data).toString('latin1'))
  }

  end(): void {}
  destroy(): void {}
  setNoDelay(): void {}
}

function apiOver(stream: Stream): IBApi {
  const api = new IBApi({ host: 'nowhere', port: 1, maxReqPerSec: 40 })
  dialBy(api, () => stream)
  return api
}

test('the library greets, shakes hands and asks over any stream', () => {
  const stream = new Stream()
  const api = apiOver(stream)
  api.connect(17)
  expect(stream.written).toEqual([])
  stream.emit('connect')
  expect(stream.written[0]).toMatch(/^API\0/)
  stream.emit('data', HANDSHAKE)
  expect(stream.written[1]).toContain('71\0' + '2\0' + '17\0')
  api.reqCurrentTime()
  expect(stream.written[2]).toContain('49\0')
})

test('a library that has changed is refused', () => {
  const api = new IBApi({ host: 'nowhere', port: 1 })
  Object.assign(api, { controller: { socket: {} } })
  expect(() => dialBy(api, () => new Stream())).toThrow('@stoqey/ib has changed')
})

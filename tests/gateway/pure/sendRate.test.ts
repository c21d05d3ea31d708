import { EventEmitter } from 'node:events'
import { IBApi } from '@stoqey/ib'
import { expect, test } from 'vitest'
import { type Duplex, dialBy } from '../../../src/gateway/duplex.ts'
import { SendRate } from '../../../src/gateway/sendRate.ts'
import { epochMs, plus } from '../../../src/market/time.ts'
import { manualClock } from '../../support/manualClock.ts'
import { HANDSHAKE } from '../../support/scriptedTws.ts'

class Stream extends EventEmitter implements Duplex {
  readonly writtenAt: number[] = []
  readonly written: string[] = []
  readonly #now: () => number

  constructor(now: () => number) {
    super()
    this.#now = now
  }

  write(data: Uint8Array): void {
    this.writtenAt.push(this.#now())
    this.written.push(Buffer.from(data).toString('latin1'))
  }

  end(): void {}
  destroy(): void {}
  setNoDelay(): void {}
}

/** A library object that has shaken hands over a stream, and what limits it. */
function limited() {
  const clock = manualClock(epochMs(1_000_000))
  const stream = new Stream(clock.now)
  const api = new IBApi({ host: 'nowhere', port: 1, maxReqPerSec: 40 })
  dialBy(api, () => stream)
  let setBackMs = 0
  const rate = new SendRate({ ...clock, now: () => plus(clock.now(), -setBackMs) })
  rate.limit(api)
  api.connect(17)
  stream.emit('connect')
  stream.emit('data', HANDSHAKE)
  stream.written.length = 0
  stream.writtenAt.length = 0
  const setBack = (ms: number) => {
    setBackMs = ms
  }
  return { clock, stream, api, rate, setBack }
}

test('five hundred requests leave in order, at most forty in any second', async () => {
  const { clock, stream, api } = limited()
  for (let i = 0; i < 500; i++) api.cancelHistoricalData(i)
  expect(stream.written).toHaveLength(40)
  await clock.advance(20_000)
  expect(stream.written).toHaveLength(500)
  stream.writtenAt.forEach((at, i) => {
    const before = stream.writtenAt[i - 40]
    if (before !== undefined) expect(at - before).toBeGreaterThanOrEqual(1_000)
  })
  expect(stream.written.map((text) => Number(text.split('\0').at(-2)))).toEqual([...Array(500).keys()])
})

test('what is urgent leaves at once, past what waits, and counts', async () => {
  const { clock, stream, api, rate } = limited()
  for (let i = 0; i < 60; i++) api.reqCurrentTime()
  expect(rate.hasRoomFor(2)).toBe(true)
  expect(rate.atOnce(() => api.cancelOrder(5).cancelOrder(6))).toBe(2)
  expect(stream.written).toHaveLength(42)
  expect(stream.written.at(-1)).toContain('4\x006\0')
  expect(rate.hasRoomFor(8)).toBe(false)
  await clock.advance(999)
  expect(stream.written).toHaveLength(42)
  await clock.advance(2)
  expect(stream.written).toHaveLength(62)
})

test('after its end nothing that waited leaves', async () => {
  const { clock, stream, api, rate } = limited()
  for (let i = 0; i < 60; i++) api.reqCurrentTime()
  rate.end()
  await clock.advance(5_000)
  expect(stream.written).toHaveLength(40)
})

test('a clock that is set back by an hour does not keep messages for an hour', async () => {
  const { clock, stream, api, setBack } = limited()
  for (let i = 0; i < 40; i++) api.reqCurrentTime()
  setBack(3_600_000)
  for (let i = 0; i < 60; i++) api.reqCurrentTime()
  await clock.advance(3_000)
  expect(stream.written).toHaveLength(100)
})

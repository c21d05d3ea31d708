import { expect, test } from 'vitest'
import { ColumnDecoder, type VolumeBytes } from '../../db/columnDecoder.ts'
import type { Bar } from '../../src/market/series.ts'
import { DAY_MS, plus } from '../../src/market/time.ts'
import { bar, spy } from '../support/bars.ts'

const instrument = { ...spy, id: 1, tracked: true }

/** PostgreSQL: COPY, Binary Format, with prices and counts of four bytes, and volumes of as many as are said. */
function copyOf(bars: readonly Bar[], volumeBytes: VolumeBytes = 4): Buffer {
  const header = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)])
  return Buffer.concat([header, ...bars.map((each) => rowOf(each, volumeBytes)), Buffer.from([0xff, 0xff])])
}

function rowOf(
  { time, open, high, low, close, volume, vwap, tradeCount }: Bar,
  volumeBytes: VolumeBytes,
): Buffer {
  const micros = int8(BigInt(time - Date.UTC(2000, 0)) * 1_000n)
  const prices = [open, high, low, close].map((price) => int4(Math.round(price * 10_000)))
  const others = [
    volumeBytes === 4 ? int4(volume) : int8(BigInt(volume)),
    vwap === null ? null : int4(Math.round(vwap * 10_000)),
    tradeCount && int4(tradeCount),
  ]
  return Buffer.concat([Buffer.from([0, 8]), ...[micros, ...prices, ...others].map(fieldOf)])
}

function int4(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

function int8(value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(value)
  return bytes
}

const fieldOf = (bytes: Buffer | number | null): Buffer =>
  Buffer.isBuffer(bytes) ? Buffer.concat([int4(bytes.length), bytes]) : int4(-1)

function decoded(chunks: readonly Buffer[], volumeBytes: VolumeBytes = 4): Bar[][] {
  const decoder = new ColumnDecoder(instrument, 'price', volumeBytes)
  const found: Bar[][] = []
  for (const chunk of chunks) for (const series of decoder.push(chunk)) found.push([...series])
  for (const series of decoder.end()) found.push([...series])
  return found
}

const bars = [bar(0), bar(1, { vwap: null, tradeCount: null }), bar(2, { low: -1.5 }), bar(3), bar(100_000)]

test.each([4, 8] as const)(
  'rows with volumes of %i bytes are read wherever the stream is cut',
  (volumeBytes) => {
    const sent = volumeBytes === 4 ? bars : [bar(0, { volume: 2 ** 40 + 3 }), ...bars.slice(1)]
    const bytes = copyOf(sent, volumeBytes)
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(decoded([bytes.subarray(0, cut), bytes.subarray(cut)], volumeBytes)).toEqual([sent])
    }
    const single = [...bytes].map((byte) => Buffer.from([byte]))
    expect(decoded(single, volumeBytes)).toEqual([sent])
  },
)

test('nothing is yielded of nothing', () => {
  expect(decoded([copyOf([])])).toEqual([])
  expect(decoded([])).toEqual([])
})

test('a long stream comes in whole days, and a series is overwritten by the next', () => {
  const days = [0, 1, 2].map((day) =>
    Array.from({ length: 25_000 }, (_, i) => {
      const { time, ...rest } = bar(0)
      return { time: plus(time, day * DAY_MS - i), ...rest }
    }).reverse(),
  )
  const decoder = new ColumnDecoder(instrument, 'price', 4)
  const bytes = copyOf(days.flat())
  const series = [...decoder.push(bytes), ...decoder.end()]
  expect(new Set(series).size).toBe(1)
  expect(decoded([bytes]).map(({ length }) => length)).toEqual([50_000, 25_000])
})

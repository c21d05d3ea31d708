import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FrameReader, frame, MAX_FRAME_BYTES } from '../../../src/simulator/frame.ts'

const BODIES = ['71\x002\x001\x00\x00', 'x', '49\x001\x00', 'Zürich\x00']
const STREAM = Buffer.concat(BODIES.map(frame))

const read = (chunks: readonly Buffer[]): string[] => {
  const reader = new FrameReader()
  return chunks.flatMap((chunk) => reader.push(chunk)).map((body) => body.toString('utf8'))
}

test('frames come out whole wherever the stream is cut', () => {
  for (let cut = 0; cut <= STREAM.length; cut++)
    expect(read([STREAM.subarray(0, cut), STREAM.subarray(cut)])).toEqual(BODIES)
})

test('frames come out whole when every byte comes alone', () => {
  expect(read([...STREAM].map((byte) => Buffer.of(byte)))).toEqual(BODIES)
})

test('frames come out whole under any cuts', () => {
  const cuts = fc.array(fc.nat(STREAM.length), { maxLength: 12 })
  fc.assert(
    fc.property(cuts, (places) => {
      const edges = [0, ...places.toSorted((a, b) => a - b), STREAM.length]
      expect(read(edges.slice(1).map((edge, i) => STREAM.subarray(edges[i], edge)))).toEqual(BODIES)
    }),
  )
})

for (const length of [0, -1, MAX_FRAME_BYTES + 1, 0x7fffffff]) {
  test(`a frame of ${length} bytes is refused as soon as its length is there`, () => {
    const header = Buffer.alloc(4)
    header.writeInt32BE(length)
    expect(() => new FrameReader().push(header)).toThrow(`a frame of ${length} bytes`)
  })
}

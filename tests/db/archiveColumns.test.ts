import fc from 'fast-check'
import { expect, test } from 'vitest'
import { columnsOf, hashOf, packed, rowsOf, unpacked } from '../../db/archiveColumns.ts'
import type { BarRow } from '../../db/barSeries.ts'
import { copiedBlobs } from '../../db/copiedBlobs.ts'
import { NULL, packNumbers, unpackNumbers } from '../../db/numberPacking.ts'
import { DEFLATED, DEFLATED_ROWS } from './deflatedArchive.ts'

const MOST = 2 ** 31 - 1

const someNumbers = fc
  .tuple(fc.constantFrom(0, 1, 14, 15, 16, 255, 256, 65_535, 65_536, MOST), fc.constantFrom(1, 50, 100))
  .chain(([most, divisor]) =>
    fc
      .array(
        fc.oneof(
          { weight: 30, arbitrary: fc.integer({ min: 0, max: most }) },
          { weight: 1, arbitrary: fc.constantFrom(NULL, -most) },
        ),
        { maxLength: 400 },
      )
      .map((numbers) =>
        Int32Array.from(numbers, (number) =>
          most * divisor < MOST && number !== NULL ? number * divisor : number,
        ),
      ),
  )

test('numbers come back from their blocks, however wide, with nulls and a common divisor', () => {
  fc.assert(
    fc.property(someNumbers, fc.nat(9), (numbers, before) => {
      const words = Int32Array.from([...Array(before).fill(-1), ...packNumbers(numbers), -1])
      const into = new Int32Array(numbers.length)
      expect(unpackNumbers(words, before, into)).toBe(words.length - 1)
      expect(into).toEqual(numbers)
    }),
    { numRuns: 500 },
  )
})

const price = fc.oneof(
  fc.integer({ min: 15_000, max: 15_100 }).map((cents) => cents * 100),
  fc.nat(MOST),
)
const count = fc.oneof(fc.nat(5_000), fc.nat(MOST))
const orNull = (arbitrary: fc.Arbitrary<number>) => fc.oneof({ weight: 9, arbitrary }, fc.constant(null))

const someRows: fc.Arbitrary<BarRow[]> = fc
  .array(
    fc.tuple(
      fc.integer({ min: 1, max: 90 }),
      price,
      price,
      price,
      price,
      count,
      orNull(price),
      orNull(count),
    ),
    {
      minLength: 1,
      maxLength: 300,
    },
  )
  .map((rows) => {
    let at = 1_381_152_600
    return rows.map(([step, ...values]) => {
      at += step
      return [at, ...values]
    })
  })

test('any day comes back from its archive to the last bit', () => {
  fc.assert(
    fc.property(someRows, (rows) => {
      const columns = unpacked(packed(columnsOf(rows)))
      expect(rowsOf(columns, rows[0]![0])).toEqual(rows)
    }),
    { numRuns: 200 },
  )
})

test('a day that is unpacked where another lay before is the same', () => {
  fc.assert(
    fc.property(someRows, someRows, (before, rows) => {
      const room = unpacked(packed(columnsOf(before)))
      expect(rowsOf(unpacked(packed(columnsOf(rows)), room), rows[0]![0])).toEqual(rows)
    }),
  )
})

test('an archive of which a byte has changed is not unpacked', () => {
  fc.assert(
    fc.property(someRows, fc.nat(), fc.integer({ min: 1, max: 255 }), (rows, at, change) => {
      const bytes = packed(columnsOf(rows))
      bytes[at % bytes.length]! ^= change
      expect(() => unpacked(bytes)).toThrow()
    }),
  )
})

test('an archive that was deflated, as they were at first, is read as it was written', () => {
  const columns = unpacked(DEFLATED)
  expect(rowsOf(columns, DEFLATED_ROWS[0]![0])).toEqual(DEFLATED_ROWS)
  expect(hashOf(columns)).toEqual(hashOf(columnsOf(DEFLATED_ROWS)))
})

/** PostgreSQL: COPY, Binary Format. */
function copyOf(rows: readonly (readonly [number, Uint8Array])[]): Buffer {
  const header = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)])
  const parts = rows.map(([number, bytes]) => {
    const head = Buffer.alloc(18)
    head.writeInt16BE(2, 0)
    head.writeInt32BE(8, 2)
    head.writeBigInt64BE(BigInt(number), 6)
    head.writeInt32BE(bytes.length, 14)
    return Buffer.concat([head, bytes])
  })
  return Buffer.concat([header, ...parts, Buffer.from([0xff, 0xff])])
}

async function* piecesOf(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

test('blobs are found in what COPY sends, wherever it is cut', async () => {
  const someBlobs = fc.array(fc.tuple(fc.integer(), fc.uint8Array({ maxLength: 40 })), { maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(someBlobs, fc.integer({ min: 1, max: 60 }), async (rows, size) => {
      const found: [number, Uint8Array][] = []
      for await (const [number, bytes] of copiedBlobs(piecesOf(copyOf(rows), size)))
        found.push([number, Uint8Array.from(bytes)])
      expect(found).toEqual(rows.map(([number, bytes]) => [number, Uint8Array.from(bytes)]))
    }),
    { numRuns: 300 },
  )
})

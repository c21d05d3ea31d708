import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encode, type Field } from '../../../src/simulator/fields.ts'
import { frame } from '../../../src/simulator/frame.ts'
import { historyRequest, RawClient, terminal } from '../rawClient.ts'

/** Every message of a conversation, with a greeting before them: the longest stream that a test cuts. */
const STREAM = Buffer.concat([
  RawClient.greeting('v100..193'),
  ...[[71, 2, 1, ''], [49, 1], [61, 1], [62, 1, 9, 'All', 'NetLiquidation'], [999]].map((m) => encode(m)),
])

const heard = (chunks: readonly Buffer[]): string[][] => {
  const client = new RawClient(terminal())
  for (const chunk of chunks) client.sendBytes(chunk)
  return client.received()
}

test('a conversation is the same wherever its bytes are cut', () => {
  const whole = heard([STREAM])
  expect(whole).toHaveLength(11)
  for (let cut = 0; cut <= STREAM.length; cut++)
    expect(heard([STREAM.subarray(0, cut), STREAM.subarray(cut)])).toEqual(whole)
  expect(heard([...STREAM].map((byte) => Buffer.of(byte)))).toEqual(whole)
})

const field: fc.Arbitrary<Field> = fc.oneof(
  fc.integer({ min: -2, max: 110 }),
  fc.constantFrom(
    '',
    'SPY',
    'STK',
    'SMART',
    'USD',
    '1 secs',
    '60 S',
    '2147483647',
    '1.7976931348623157E308',
    '-1',
  ),
  fc.string({ maxLength: 12 }),
)

const garbage = fc.oneof(
  { weight: 6, arbitrary: fc.array(field, { maxLength: 24 }).map((fields) => encode(fields)) },
  { weight: 2, arbitrary: fc.string({ minLength: 1, maxLength: 60 }).map((text) => frame(text)) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from(bytes)) },
)

test('no frame of garbage ends the server or the clients beside it', { timeout: 30_000 }, async () => {
  const tws = terminal()
  const honest = new RawClient(tws).open(193, 0)
  await fc.assert(
    fc.asyncProperty(fc.array(garbage, { minLength: 10, maxLength: 10 }), async (frames) => {
      const client = new RawClient(tws).open(193, 1)
      for (const bytes of frames) client.sendBytes(bytes)
      client.connection.closed()
      honest.send(...historyRequest())
      expect((await honest.answers()).length).toBe(1)
    }),
    { numRuns: 500 },
  )
})

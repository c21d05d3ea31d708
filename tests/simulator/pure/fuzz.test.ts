import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BarSeries } from '../../../src/market/series.ts'
import { parseInstant } from '../../../src/market/time.ts'
import { encode, type Field } from '../../../src/simulator/fields.ts'
import { frame } from '../../../src/simulator/frame.ts'
import { generatedMarket } from '../../../src/simulator/generator.ts'
import type { MarketSource } from '../../../src/simulator/market.ts'
import { CLIENT_MESSAGES } from '../layouts/clientMessages.ts'
import { encoded } from '../layouts/library.ts'
import { type HistoryWish, historyRequest, RawClient, terminal } from '../rawClient.ts'

/** Every message of a conversation, with a greeting before them: the longest stream that a test cuts. */
const STREAM = Buffer.concat([
  RawClient.greeting('v100..193'),
  ...[[71, 2, 1, ''], [49, 1], [61, 1], [62, 1, 9, 'All', 'NetLiquidation'], [999]].map((m) => encode(m)),
])

/** One bar at noon of a Friday: prices need no generating where only the answers count. */
const AT_NOON = BarSeries.of([
  {
    time: parseInstant('2024-05-31T16:00:00Z'),
    open: 1,
    high: 1,
    low: 1,
    close: 1,
    volume: 1,
    vwap: 1,
    tradeCount: 1,
  },
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

test.each(Object.entries(CLIENT_MESSAGES))(
  '%s is the same wherever its bytes are cut, and in one piece with what surrounds it',
  async (_name, { sent }) => {
    const around = RawClient.framed([49, 1])
    const stream = Buffer.concat([around, RawClient.framed(encoded(193, sent)), around])
    const tws = terminal({ switches: { pacing: 'off' } })
    const answersTo = (chunks: readonly Buffer[]): [string[][], number] => {
      const client = new RawClient(tws).open(193)
      for (const chunk of chunks) client.sendBytes(chunk)
      const answers: [string[][], number] = [client.received(), client.connection.queries.size]
      client.connection.closed()
      return answers
    }
    const whole = answersTo([stream])
    for (let cut = 1; cut < stream.length; cut++)
      expect(answersTo([stream.subarray(0, cut), stream.subarray(cut)])).toEqual(whole)
    expect(answersTo([...stream].map((byte) => Buffer.of(byte)))).toEqual(whole)
  },
)

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

/** Wishes that are right, nearly right or absurd, in any mixture. */
const wish: fc.Arbitrary<HistoryWish> = fc.record({
  symbol: fc.constantFrom('SPY', 'IBM', '', 'spy'),
  end: fc.oneof(
    fc.constantFrom(
      '',
      '20240531-15:00:00',
      '20240531 11:00:00',
      '20240531 11:00:00 US/Eastern',
      '00000101-00:00:00',
    ),
    fc.string({ maxLength: 20 }),
  ),
  step: fc.constantFrom(
    '1 secs',
    '5 secs',
    '1 min',
    '30 mins',
    '1 hour',
    '8 hours',
    '1 day',
    '1 week',
    '1 month',
    '',
  ),
  duration: fc.constantFrom(
    '1 S',
    '60 S',
    '1800 S',
    '3600 S',
    '1 D',
    '2 D',
    '1 W',
    '40 Y',
    '41 Y',
    '99999 D',
    'x',
  ),
  rth: fc.boolean(),
  what: fc.constantFrom('TRADES', 'BID_ASK', 'SCHEDULE', 'ADJUSTED_LAST', ''),
  format: fc.constantFrom(1, 2, 0),
  keepUpToDate: fc.boolean(),
})

test('any request for historical data is answered once, by data or by an error', {
  timeout: 30_000,
}, async () => {
  const market: MarketSource = {
    ...generatedMarket({ seed: 1 }),
    bars: () => ({ stepMs: 1_000, bars: AT_NOON, first: 0, end: 1 }),
  }
  const client = new RawClient(terminal({ market, switches: { pacing: 'off' } })).open(193)
  await fc.assert(
    fc.asyncProperty(wish, async (wished) => {
      client.send(...historyRequest(wished))
      const answers = (await client.answers()).filter((fields) => fields[3] !== '2174')
      expect(answers.map(([id]) => id)).toEqual([expect.stringMatching(/^(4|17|106)$/)])
      expect(client.hungUp).toBe(false)
    }),
    { numRuns: 1_000 },
  )
})

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

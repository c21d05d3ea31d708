import { expect, test } from 'vitest'
import { isoInstant, parseInstant } from '../../../src/market/time.ts'
import { exchangeDay, hoursTime, parseEndTime, utcTime, zonedTime } from '../../../src/simulator/wireTime.ts'

const read: [text: string, instant: string | null, zoneMissing?: boolean][] = [
  ['20131007 09:30:00 US/Eastern', '2013-10-07T13:30:00Z'],
  ['20131007 09:30:00 America/New_York', '2013-10-07T13:30:00Z'],
  ['20131204 09:30:00 US/Eastern', '2013-12-04T14:30:00Z'],
  ['20131007-13:30:00', '2013-10-07T13:30:00Z'],
  ['20131007 13:30:00 UTC', '2013-10-07T13:30:00Z'],
  ['20131007 09:30:00', '2013-10-07T13:30:00Z', true],
  ['20131007 09:30:00 Moon/Tranquility', null],
  ['20131007-13:30:00 US/Eastern', null],
  ['20130230 09:30:00 US/Eastern', null],
  ['20131007 24:00:00 US/Eastern', null],
  ['20131007 09:60:00 US/Eastern', null],
  ['2013-10-07T13:30:00Z', null],
  ['20131007', null],
  ['soon', null],
]

for (const [text, instant, zoneMissing = false] of read)
  test(`the end time ${text} is ${instant ?? 'none'}`, () => {
    const end = parseEndTime(text)
    expect(end && isoInstant(end.at)).toBe(instant)
    expect(end?.zoneMissing ?? false).toBe(zoneMissing)
  })

test('instants are written as TWS writes them', () => {
  const at = parseInstant('2013-10-08T01:02:00Z')
  expect([zonedTime(at), utcTime(at), exchangeDay(at), hoursTime(at)]).toEqual([
    '20131007 21:02:00 US/Eastern',
    '20131008-01:02:00',
    '20131007',
    '20131007:2102',
  ])
})

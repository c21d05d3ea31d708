import { expect, test } from 'vitest'
import { parseInstant } from '../src/market/time.ts'
import { ProgressLine } from '../src/progressLine.ts'
import { manualClock } from './support/manualClock.ts'

test('a line of progress begins after two seconds, is written over, and is left at the end', async () => {
  const clock = manualClock(parseInstant('2013-10-07T13:30:00Z'))
  let written = ''
  const line = new ProgressLine(clock, (text) => {
    written += text
  })
  line.tell('nothing yet')
  await clock.advance(2_000)
  line.tell('1000 bars read')
  line.tell('too soon')
  await clock.advance(250)
  line.tell('2 bars')
  line.end()
  line.end()
  expect(written).toBe('\r1000 bars read\r2 bars        \n')
})

test('what is quick is silent', () => {
  let written = ''
  const line = new ProgressLine(manualClock(parseInstant('2013-10-07T13:30:00Z')), (text) => {
    written += text
  })
  line.tell('1 bar')
  line.end()
  expect(written).toBe('')
})

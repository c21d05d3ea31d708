import { expect, test } from 'vitest'
import { epochMs } from '../../../src/market/time.ts'
import { fieldsOf, HISTORY_FAULTS, readHistory, shuffled } from '../../../src/simulator/faults.ts'
import { encode } from '../../../src/simulator/fields.ts'
import { error, historicalData } from '../../../src/simulator/messages.ts'
import { randomFrom } from '../../../src/simulator/noise.ts'

const NOW_S = 1_717_426_800
const row = (ageS: number): string[] => [String(NOW_S - ageS - 1), '10', '12', '9', '11', '500', '10.5', '7']
const ROWS = Array.from({ length: 60 }, (_, i) => row(60 - i))
const ANSWER = { requestId: 5, from: 'a', to: 'b', rows: ROWS }

const rowsAfter = (name: keyof typeof HISTORY_FAULTS): readonly (readonly string[])[] => {
  const context = { now: epochMs(NOW_S * 1_000), random: randomFrom(1) }
  const [message] = HISTORY_FAULTS[name](ANSWER, context)
  return readHistory(fieldsOf(encode(message!)))!.rows
}

test('an answer is read back as it was written, and no other message is an answer', () => {
  const text = ROWS.map((fields) => fields.join('\0')).join('\0')
  expect(readHistory(fieldsOf(encode(historicalData(5, 'a', 'b', 60, text))))).toEqual(ANSWER)
  expect(readHistory(fieldsOf(encode(error(5, 162, 'no data'))))).toBeNull()
})

test('duplicates, another order and impossible rows leave every true row in', () => {
  for (const name of ['duplicates', 'shuffled', 'impossible', 'forming'] as const) {
    expect(rowsAfter(name)).toEqual(expect.arrayContaining(ROWS))
  }
  expect(rowsAfter('impossible').length).toBeGreaterThan(ROWS.length)
})

test('only the newest seconds are late', () => {
  const old = (rows: readonly (readonly string[])[]) => rows.filter(([time]) => Number(time) < NOW_S - 13)
  expect(old(rowsAfter('late'))).toEqual(old(ROWS))
  expect(rowsAfter('late')).not.toEqual(ROWS)
})

test('a shuffle keeps what it is given, and follows its seed', () => {
  const items = [1, 2, 3, 4, 5, 6, 7]
  expect([...shuffled(items, randomFrom(3))].sort()).toEqual(items)
  expect(shuffled(items, randomFrom(3))).toEqual(shuffled(items, randomFrom(3)))
})

import { expect, test } from 'vitest'
import { seededRandom } from '../../../src/market/seededRandom.ts'
import { movedRow, readHistory, timeOfRow, withRows } from '../../../src/simulator/faults/historyAnswer.ts'
import { fieldsOf } from '../../../src/simulator/faults/line.ts'
import { shuffled } from '../../../src/simulator/faults/rows.ts'
import { encode } from '../../../src/simulator/fields.ts'
import { error } from '../../../src/simulator/messages/session.ts'

const ROWS = Array.from({ length: 60 }, (_, i) => [
  String(1_717_426_740 + i),
  '10',
  '12',
  '9',
  '11',
  '500',
  '10.5',
  '7',
])
const ANSWER = { requestId: 5, from: 'a', to: 'b', rows: ROWS }

test('an answer is read back as it was written, with rows or without, and no other message is one', () => {
  expect(readHistory(fieldsOf(encode(withRows(ANSWER, ROWS))))).toEqual(ANSWER)
  expect(readHistory(fieldsOf(encode(withRows(ANSWER, []))))).toEqual({ ...ANSWER, rows: [] })
  expect(readHistory(fieldsOf(encode(error(5, 162, 'no data'))))).toBeNull()
})

test('a row is moved in the words of its own date, and a day is not moved', () => {
  expect(timeOfRow(['1717426740'])).toBe(1_717_426_740_000)
  expect(timeOfRow(['20240603 10:59:00 US/Eastern'])).toBe(1_717_426_740_000)
  expect(movedRow(['1717426740', '1'], 60_000)).toEqual(['1717426800', '1'])
  expect(movedRow(['20240603 10:59:00 US/Eastern', '1'], 60_000)).toEqual([
    '20240603 11:00:00 US/Eastern',
    '1',
  ])
  expect(movedRow(['20240603', '1'], 60_000)).toEqual(['20240603', '1'])
})

test('a shuffle keeps what it is given, and follows its seed', () => {
  const items = [1, 2, 3, 4, 5, 6, 7]
  expect([...shuffled(items, seededRandom(3))].sort()).toEqual(items)
  expect(shuffled(items, seededRandom(3))).toEqual(shuffled(items, seededRandom(3)))
})

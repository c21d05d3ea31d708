import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ANSWERS, REQUESTS } from '../../../src/simulator/kinds.ts'
import { CLIENT_MESSAGES } from '../layouts/clientMessages.ts'
import { SERVER_MESSAGES } from '../layouts/serverMessages.ts'
import { withTables } from '../layouts/tables.ts'

const idsOf = (messages: Readonly<Record<string, { values: Readonly<Record<string, string | number>> }>>) =>
  new Set(Object.values(messages).map(({ values }) => Number(values.id)))

test('the tables in the documentation are those that the code makes', () => {
  const document = readFileSync('docs/simulator.md', 'utf8')
  expect(withTables(document)).toBe(document)
})

test('every message that the server may send is in the table', () => {
  const [missing, known] = [[...ANSWERS.keys()], idsOf(SERVER_MESSAGES)]
  expect(missing.filter((id) => !known.has(id))).toEqual([])
})

test('every request that the server reads is in the table, but startApi', () => {
  const known = idsOf(CLIENT_MESSAGES)
  expect([...REQUESTS.keys()].filter((id) => !known.has(id))).toEqual([71])
})

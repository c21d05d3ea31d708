import { expect, test } from 'vitest'
import { z } from 'zod'
import { checked, readDocument } from '../../../src/simulator/document.ts'

const SCHEMA = z.strictObject({
  name: z.string(),
  parts: z.array(z.strictObject({ size: z.number().positive(), kind: z.enum(['a', 'b']).default('a') })),
})

const read = (text: string) => checked({ file: 'f.yaml', text }, SCHEMA)

test('YAML and JSON say the same', () => {
  const value = { name: 'x', parts: [{ size: 1, kind: 'a' }] }
  expect(read('name: x\nparts:\n  - size: 1\n')).toEqual(value)
  expect(read('{ "name": "x", "parts": [{ "size": 1 }] }')).toEqual(value)
})

const wrong: [title: string, text: string, told: string[]][] = [
  ['a value of another kind', 'name: 5\nparts: []', ['f.yaml:1:7 name: Invalid input: expected string']],
  ['a value that is missing is told where it should be', 'parts: []', ['f.yaml:1:1 name: Invalid input']],
  [
    'an unknown key is told where it stands',
    'name: x\nparts:\n  - size: 1\n    colour: red\n',
    ['f.yaml:4:5 parts[0].colour: is not known here'],
  ],
  [
    'all faults at once, in the order of the lines',
    'name: x\nextra: 1\nparts:\n  - size: -1\n  - size: 1\n    kind: c\n',
    [
      'f.yaml:2:1 extra: is not',
      'f.yaml:4:11 parts[0].size: Too small',
      'f.yaml:6:11 parts[1].kind: Invalid',
    ],
  ],
  ['a key that comes twice', 'name: x\nname: y\nparts: []', ['f.yaml:2:1: Map keys must be unique']],
  ['what is no YAML at all', 'name: [x\nparts: []', ['f.yaml:']],
  ['an empty file', '', ['f.yaml:1:1: Invalid input: expected object']],
]

for (const [title, text, told] of wrong)
  test(`refused with line, column, path and reason: ${title}`, () => {
    for (const part of told) expect(() => read(text)).toThrow(part)
  })

test('faults come one to a line, and as the issues of the error', () => {
  const faultOf = (text: string) => {
    try {
      return read(text)
    } catch (fault) {
      return fault
    }
  }
  expect(faultOf('name: 5\nparts: 6')).toMatchObject({
    kind: 'invalid',
    message: expect.stringMatching(/^f\.yaml:1:7 name: .*\nf\.yaml:2:8 parts: .*$/),
    issues: [{ path: 'f.yaml:1:7 name' }, { path: 'f.yaml:2:8 parts' }],
  })
})

test('a file that is not there is named', async () => {
  await expect(readDocument('no/such/file.yaml', SCHEMA)).rejects.toMatchObject({
    kind: 'invalid',
    message: expect.stringContaining('no/such/file.yaml cannot be read'),
  })
})

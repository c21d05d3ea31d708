import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readJson } from '../../routes/json.ts'
import { HttpProblem } from '../../routes/problem.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

test('what JSON can say is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 8 }), (text) => {
      fc.pre(!text.includes('__proto__'))
      expect(readJson(bytes(text))).toEqual(JSON.parse(text))
    }),
    { numRuns: 500 },
  )
})

const problems: [string, Uint8Array][] = [
  ['nothing', bytes('')],
  ['half an object', bytes('{"a":')],
  ['a byte order mark', bytes('\uFEFF{}')],
  ['bytes that are no UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
  ['NaN', bytes('{"a":NaN}')],
  ['a comment', bytes('{} // no')],
  ['a key twice', bytes('{"a":1,"b":{},"a":2}')],
  ['a key twice, once escaped', bytes('{"a":1,"\\u0061":2}')],
  ['a key twice, deep inside', bytes('{"a":[{"b":{"c":1,"c":1}}]}')],
  ['__proto__', bytes('{"a":{"__proto__":{}}}')],
  ['33 levels', bytes('['.repeat(33) + ']'.repeat(33))],
  ['30,000 levels', bytes('['.repeat(30_000) + ']'.repeat(30_000))],
]

test.each(problems)('%s is a 400', (_, body) => {
  const read = () => readJson(body)
  expect(read).toThrow(HttpProblem)
  expect(read).toThrow(expect.objectContaining({ status: 400 }))
})

test.each([
  ['equal keys of different objects', '[{"a":1},{"a":{"a":2}}]'],
  ['equal texts in an array', '["a","a","{","}"]'],
  ['quotes and braces inside a text', '{"a\\"{":"\\\\","b":"a\\":{"}'],
  ['32 levels', '['.repeat(32) + ']'.repeat(32)],
])('%s are read', (_, text) => {
  expect(readJson(bytes(text))).toEqual(JSON.parse(text))
})

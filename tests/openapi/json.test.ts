import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readJson } from '../../routes/json.ts'
import { HttpProblem } from '../../routes/problem.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

function numbersIn(text: string): number[] {
  const numbers: number[] = []
  JSON.parse(text, (_, value) => typeof value === 'number' && numbers.push(value))
  return numbers
}

const isHeld = (value: number): boolean =>
  !Object.is(value, -0) && (Math.abs(value) < 2 ** 53 || !Number.isInteger(value))

test('what JSON can say is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 8 }), (text) => {
      fc.pre(!/__proto__|constructor|prototype|\\u0000/.test(text) && numbersIn(text).every(isHeld))
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
  ['constructor', bytes('{"constructor":{"prototype":{}}}')],
  ['prototype, escaped', bytes('{"\\u0070rototype":1}')],
  ['a number in hex', bytes('{"a":0x10}')],
  ['Infinity', bytes('[-Infinity]')],
  ['a number with a leading zero', bytes('[01]')],
  ['33 levels', bytes('['.repeat(33) + ']'.repeat(33))],
  ['30,000 levels', bytes('['.repeat(30_000) + ']'.repeat(30_000))],
]

test.each(problems)('%s is a 400', (_, body) => {
  const read = () => readJson(body)
  expect(read).toThrow(HttpProblem)
  expect(read).toThrow(expect.objectContaining({ status: 400 }))
})

test.each(['1e999', '-1e999', '-0', '-0.0', '9007199254740993', '[1,{"a":1e308,"b":-1e309}]', '1e17'])(
  'the number in %s is a 422',
  (text) => {
    expect(() => readJson(bytes(text))).toThrow(expect.objectContaining({ status: 422 }))
  },
)

test.each(['{"a":"x\\u0000"}', '{"\\u0000":1}', '["\\\\\\u0000"]'])(
  'the null character in %s is a 422',
  (text) => {
    expect(() => readJson(bytes(text))).toThrow(expect.objectContaining({ status: 422 }))
  },
)

test.each([
  ['a backslash before u0000', '["\\\\u0000"]'],
  ['numbers', '[0,-1,0.1,-0.5,1e3,1E-3,9007199254740991,123456.789]'],
  ['numbers in a text', '["-0","1e999"]'],
  ['equal keys of different objects', '[{"a":1},{"a":{"a":2}}]'],
  ['equal texts in an array', '["a","a","{","}"]'],
  ['quotes and braces inside a text', '{"a\\"{":"\\\\","b":"a\\":{"}'],
  ['32 levels', '['.repeat(32) + ']'.repeat(32)],
])('%s are read', (_, text) => {
  expect(readJson(bytes(text))).toEqual(JSON.parse(text))
})

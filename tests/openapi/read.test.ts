import { expect, test } from 'vitest'
import { z } from 'zod'
import { instant, range, ranged, symbol } from '../../openapi/fields.ts'
import { readBody, readQuery } from '../../openapi/read.ts'

const query = z.strictObject({
  symbol: symbol.optional(),
  limit: z.int().min(1).max(10_000).optional(),
  ratio: z.number().optional(),
  flag: z.boolean().optional(),
  from: instant.optional(),
})

const read = (text: string) => readQuery(query, new URLSearchParams(text))
const faultsOf = (text: string) => {
  const reading = read(text)
  return reading.ok ? [] : reading.faults.map(({ path }) => path)
}

test.each([
  ['', {}],
  ['limit=1', { limit: 1 }],
  ['limit=10000', { limit: 10_000 }],
  ['ratio=-0.5', { ratio: -0.5 }],
  ['ratio=0', { ratio: 0 }],
  ['flag=false', { flag: false }],
  ['symbol=SPY', { symbol: 'SPY' }],
  ['symbol=BRK%20B', { symbol: 'BRK B' }],
  ['from=2013-10-07T13:30:00Z', { from: '2013-10-07T13:30:00Z' }],
  ['from=2013-10-07T09:30:00.25-04:00', { from: '2013-10-07T09:30:00.25-04:00' }],
  ['from=2012-02-29T00:00:00%2B05:30', { from: '2012-02-29T00:00:00+05:30' }],
])('the query "%s" is read', (text, value) => {
  expect(read(text)).toEqual({ ok: true, value })
})

test.each([
  '',
  '0',
  '-1',
  '10001',
  '1.5',
  '01',
  '+1',
  ' 1',
  '1 ',
  '1e3',
  '0x10',
  'NaN',
  'Infinity',
  '9007199254740993',
  '１',
])('the limit "%s" is refused', (text) => {
  expect(faultsOf(`limit=${encodeURIComponent(text)}`)).toEqual(['limit'])
})

test.each(['-0', '1e999', '-Infinity', '.5', '5.', '1,5', '1_000', 'null'])(
  'the number "%s" is refused',
  (text) => {
    expect(faultsOf(`ratio=${encodeURIComponent(text)}`)).toEqual(['ratio'])
  },
)

test.each([
  '2013-02-29T00:00:00Z',
  '2013-13-01T00:00:00Z',
  '2013-10-07T24:00:00Z',
  '2013-10-07T13:30:60Z',
  '2013-10-07T13:30:00',
  '2013-10-07T13:30Z',
  '2013-10-07 13:30:00Z',
  '2013-10-07T13:30:00 05:30',
  '2013-10-07',
  '1381152600000',
  '+275760-09-13T00:00:00Z',
  '-000001-01-01T00:00:00Z',
  '1969-12-31T23:59:59Z',
  '2100-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
])('the instant "%s" is refused', (text) => {
  expect(faultsOf(`from=${encodeURIComponent(text)}`)).toEqual(['from'])
})

test.each([
  ['x=1', ['x']],
  ['limit=1&limit=1', ['limit']],
  ['limit=1&Limit=1', ['Limit']],
  ['__proto__=1', ['__proto__']],
  ['constructor=1&toString=1', ['constructor', 'toString']],
  ['limit[]=1', ['limit[]']],
  ['symbol=spy', ['symbol']],
  ["symbol=SPY'--", ['symbol']],
  ['symbol=SPY%00', ['symbol']],
  ['flag=1', ['flag']],
])('the query "%s" is refused', (text, paths) => {
  expect(faultsOf(text)).toEqual(paths)
})

const body = ranged({ symbol, ...range }).meta({})
const pathsOf = (value: unknown) => {
  const reading = readBody(body, value)
  return reading.ok ? [] : reading.faults
}
const spy = { symbol: 'SPY', from: '2013-10-07T13:30:00Z', to: '2013-10-07T20:00:00Z' }

test('a fault of a body is named by a JSON pointer', () => {
  expect(pathsOf(spy)).toEqual([])
  expect(pathsOf({ ...spy, 'a/b~c': 1 })).toEqual([{ path: '/a~1b~0c', message: 'is not a field here' }])
  expect(pathsOf({ symbol: 'SPY', from: spy.from })).toEqual([{ path: '/to', message: 'is required' }])
  expect(pathsOf({ ...spy, symbol: 7 })).toMatchObject([{ path: '/symbol' }])
  expect(pathsOf({ ...spy, to: spy.from })).toEqual([{ path: '/to', message: 'must be later than from' }])
  expect(pathsOf([])).toMatchObject([{ path: '' }])
  expect(pathsOf(null)).toMatchObject([{ path: '' }])
})

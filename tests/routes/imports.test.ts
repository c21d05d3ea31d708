import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { spy } from '../support/bars.ts'
import { AUTHORIZED, served } from './served.ts'

const { app, ask, stores } = await served()

let symbols = 0
/** A symbol of which nothing is stored. */
async function fresh(): Promise<string> {
  const symbol = `S${++symbols}`
  await stores.instruments.save({ ...spy, symbol })
  return symbol
}

const send = (symbol: string, body: string | Buffer, { size = '1s', type = 'text/csv' } = {}) =>
  ask
    .post(`/v1/bars/imports?symbol=${symbol}&size=${size}`)
    .set({ ...AUTHORIZED, 'content-type': type })
    .send(body)

const HEADER = 'time,open,high,low,close,volume'
const at = (second: number) => `2013-10-07T13:30:${String(second).padStart(2, '0')}Z`
const line = (time: string, rest = '167.4,167.5,167.3,167.41,100') => `${time},${rest}`
const file = (...lines: string[]) => `${[HEADER, ...lines].join('\n')}\n`

async function stored(symbol: string, size = '1s') {
  const { text } = await ask.get(`/v1/bars?symbol=${symbol}&size=${size}`).set('accept', 'text/csv')
  return text
    .split('\n')
    .slice(1, -1)
    .map((it) => it.replace(/,,$/, ''))
}

const NOTHING = { inserted: 0, updated: 0, unchanged: 0, quarantined: 0, rejected: [] }

test('a file is stored, and the same file again changes nothing', async () => {
  const symbol = await fresh()
  const lines = [line(at(0)), line(at(1)), line(at(5))]
  const first = await send(symbol, file(...lines))
  expect([first.status, first.body]).toEqual([200, { ...NOTHING, received: 3, inserted: 3 }])
  expect((await send(symbol, file(...lines))).body).toEqual({ ...NOTHING, received: 3, unchanged: 3 })
  expect(await stored(symbol)).toEqual(lines)
  const changed = await send(symbol, file(line(at(1), '167.4,167.6,167.3,167.41,100')))
  expect(changed.body).toEqual({ ...NOTHING, received: 1, updated: 1 })
})

test.each([
  ['gzip by its first bytes', 'text/csv'],
  ['gzip by its media type', 'application/gzip'],
])('%s is read', async (_, type) => {
  const symbol = await fresh()
  const { body } = await send(symbol, gzipSync(file(line(at(0)))), { type })
  expect(body).toMatchObject({ inserted: 1 })
})

test('lines in any order, with other line ends, a byte order mark and blank lines are the same file', async () => {
  const symbol = await fresh()
  const text = `\ufeff${HEADER}\r\n${line(at(5))}\r\n\r\n${line(at(1))}\r\n${line(at(3))}`
  expect((await send(symbol, text)).body).toEqual({ ...NOTHING, received: 3, inserted: 3 })
  expect(await stored(symbol)).toEqual([line(at(1)), line(at(3)), line(at(5))])
})

test('of lines with the same time the first counts, and the others are named', async () => {
  const symbol = await fresh()
  const sent = file(line(at(1)), line(at(0)), line(at(1), '1,1,1,1,1'))
  const rejected = [{ line: 4, message: 'time: an earlier line has the same time' }]
  expect((await send(symbol, sent)).body).toEqual({ ...NOTHING, received: 3, inserted: 2, rejected })
  expect((await send(symbol, sent)).body).toEqual({ ...NOTHING, received: 3, unchanged: 2, rejected })
  expect(await stored(symbol)).toEqual([line(at(0)), line(at(1))])
})

test('values that cannot be are kept aside', async () => {
  const symbol = await fresh()
  const bad = ['NaN,2,1,1,1', '1,1,2,1,1', '0,1,1,1,1', '-1,1,1,1,1', '1,1,1,1,-5']
  const sent = file(...bad.map((rest, i) => line(at(i), rest)), line(at(20)))
  const { body } = await send(symbol, sent)
  expect(body).toEqual({ ...NOTHING, received: 6, inserted: 1, quarantined: 5 })
  expect(await stored(symbol)).toEqual([line(at(20))])
  const instrument = (await stores.instruments.find(symbol))!
  expect(await stores.quarantine.list({ instrument, limit: 10 })).toHaveLength(5)
})

test.each([
  ['no header', `${line(at(0))}\n`, 400, '/1'],
  ['nothing', '\n', 400, '/1'],
  ['another header', `${HEADER},price\n`, 400, '/1'],
  ['a field too few', file(line(at(0)), `${at(1)},1,2`), 400, '/3'],
  ['a damaged gzip', gzipSync(file(line(at(0)))).subarray(0, 40), 400, '/1'],
  ['a price that is no number', file(line(at(0)), line(at(1), '167.4,x,1,1,1')), 422, '/3/high'],
  ['an empty price', file(line(at(0), '167.4,,1,1,1')), 422, '/2/high'],
  ['an hour without an offset', file(line('2013-10-07T13:30:00')), 422, '/2/time'],
  ['a half second', file(line('2013-10-07T13:30:00.500Z')), 422, '/2/time'],
  ['a price beyond four bytes', file(line(at(0), '300000,300000,1,1,1')), 422, '/2/open'],
  ['half a share', file(line(at(0), '1,1,1,1,0.5')), 422, '/2/volume'],
  [
    'time that has not passed',
    file(line('2013-10-09T13:59:59Z'), line('2013-10-09T14:00:00Z')),
    422,
    '/3/time',
  ],
])('%s ends the import at its line, and nothing is written', async (_, sent, status, path) => {
  const symbol = await fresh()
  const answer = await send(symbol, sent)
  expect([answer.status, answer.body.errors[0].path]).toEqual([status, path])
  expect(answer.body.detail).toContain(`line ${path.split('/')[1]}`)
  expect(await stored(symbol)).toEqual([])
})

test('every line at fault is named, up to a hundred', async () => {
  const lines = Array.from({ length: 300 }, (_, i) => (i % 2 ? line(at(0), 'x,1,1,1,1') : line(at(0))))
  const { body } = await send(await fresh(), file(...lines))
  expect(body.errors).toHaveLength(100)
  expect(body.errors[1]).toEqual({ path: '/5/open', message: 'line 5: is no number: "x"' })
})

test('a bar of a day is that of its session, however its time is written', async () => {
  const symbol = await fresh()
  const days = ['2013-10-07', '2013-10-06', '2013-10-04T00:00:00Z', '2013-10-03T00:00:00-04:00']
  const { body } = await send(symbol, file(...days.map((day) => line(day))), { size: '1d' })
  const rejected = [{ line: 3, message: 'time: the exchange was closed on 2013-10-06' }]
  expect(body).toEqual({ ...NOTHING, received: 4, inserted: 3, rejected })
  expect(await stored(symbol, '1d')).toEqual(
    ['03', '04', '07'].map((day) => line(`2013-10-${day}T13:30:00Z`)),
  )
  const open = await send(symbol, file(line('2013-10-09')), { size: '1d' })
  expect([open.status, open.body.errors[0].path]).toEqual([422, '/2/time'])
})

async function covered(symbol: string, size: string) {
  const range = 'from=2013-10-03T00:00:00Z&to=2013-10-10T00:00:00Z&session=all'
  const { body } = await ask.get(`/v1/coverage?symbol=${symbol}&size=${size}&${range}`)
  return body.items.map((it: { coveredSeconds: number }) => it.coveredSeconds)
}

test('the sessions from the first to the last bar are covered, in the hours that the file knows', async () => {
  const [regular, extended] = [await fresh(), await fresh()]
  const [day, hours] = [6.5 * 3_600, 16 * 3_600]
  await send(regular, file(line('2013-10-04T14:00:00Z'), line('2013-10-07T15:00:00Z')), { size: '1m' })
  expect(await covered(regular, '1m')).toEqual([0, day, day, 0, 0])
  expect(await covered(regular, '1s')).toEqual([0, 0, 0, 0, 0])
  await send(extended, file(line('2013-10-04T08:00:00Z'), line('2013-10-07T15:00:00Z')), { size: '1m' })
  expect(await covered(extended, '1m')).toEqual([0, hours, hours, 0, 0])
})

test('of a session that is still open only what the file reaches is covered', async () => {
  const symbol = await fresh()
  await send(symbol, file(line('2013-10-09T13:39:00Z')), { size: '1m' })
  expect(await covered(symbol, '1m')).toEqual([0, 0, 0, 0, 600])
})

test.each([
  ['?symbol=NONE&size=1s', 'text/csv', 404],
  ['?symbol=SPY&size=5m', 'text/csv', 422],
  ['?symbol=SPY', 'text/csv', 422],
  ['?symbol=NONE&size=1s', 'application/json', 415],
])('%s as %s is %i', async (query, type, status) => {
  const answer = await ask
    .post(`/v1/bars/imports${query}`)
    .set({ ...AUTHORIZED, 'content-type': type })
    .send('{}')
  expect(answer.status).toBe(status)
  expect(answer.headers['content-type']).toBe('application/problem+json')
})

test('a body that says that it is longer than 256 MiB is not read', async () => {
  const answer = await app.request(`/v1/bars/imports?symbol=${await fresh()}&size=1s`, {
    method: 'POST',
    headers: { ...AUTHORIZED, 'content-type': 'text/csv', 'content-length': String(2 ** 28 + 1) },
    body: 'x',
  })
  expect(answer.status).toBe(413)
})

test('an import needs the token', async () => {
  expect((await ask.post('/v1/bars/imports?symbol=SPY&size=1s')).status).toBe(401)
})

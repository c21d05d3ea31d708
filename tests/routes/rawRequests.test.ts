import { afterAll, expect, test } from 'vitest'
import { listen } from '../../routes/serve.ts'
import { appOf, depsOf, TOKEN } from '../openapi/memory.ts'
import { HOSTILE_PATHS } from './hostile.ts'
import { sendRaw } from './rawSocket.ts'

const { log } = depsOf()
const access = { openReads: true, hosts: ['127.0.0.1', 'localhost'] }
const server = await listen({ app: appOf({ access }), host: '127.0.0.1', port: 0, log })
afterAll(() => server.close())
const { address } = server

const HOST = `Host: ${address}\r\n`
const AUTHORIZED = `${HOST}Authorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\n`
const POST = 'POST /v1/backfills HTTP/1.1\r\n'
/** What a second reader of the bytes would take for a request of its own. */
const SMUGGLED = `GET /v1/gateway HTTP/1.1\r\n${HOST}\r\n`

test('a right request over the same socket is answered', async () => {
  const get = (more: string) => `GET /health/live HTTP/1.1\r\n${HOST}${more}\r\n`
  const answer = await sendRaw(address, get('') + get('Connection: close\r\n'))
  expect(answer).toMatchObject({ statuses: [200, 200], isClosed: true })
})

const AMBIGUOUS: [string, string][] = [
  [
    'a length and chunks',
    `${POST}${AUTHORIZED}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ],
  [
    'chunks and a length',
    `${POST}${AUTHORIZED}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n`,
  ],
  ['two lengths that differ', `${POST}${AUTHORIZED}Content-Length: 0\r\nContent-Length: 9\r\n\r\n`],
  ['two lengths in one', `${POST}${AUTHORIZED}Content-Length: 0, 9\r\n\r\n`],
  ['two lengths alike', `${POST}${AUTHORIZED}Content-Length: 0\r\nContent-Length: 0\r\n\r\n`],
  ['a signed length', `${POST}${AUTHORIZED}Content-Length: +0\r\n\r\n`],
  ['a negative length', `${POST}${AUTHORIZED}Content-Length: -1\r\n\r\n`],
  ['a length in hex', `${POST}${AUTHORIZED}Content-Length: 0x0\r\n\r\n`],
  ['a length with a space in it', `${POST}${AUTHORIZED}Content-Length: 1 0\r\n\r\n`],
  ['a length beyond all', `${POST}${AUTHORIZED}Content-Length: 99999999999999999999999\r\n\r\n`],
  ['a space before the colon', `${POST}${AUTHORIZED}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`],
  ['an encoding that is none', `${POST}${AUTHORIZED}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
  [
    'chunks that are not the last encoding',
    `${POST}${AUTHORIZED}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`,
  ],
  ['chunks twice', `${POST}${AUTHORIZED}Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n`],
  ['an encoding on a second line', `${POST}${AUTHORIZED}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`],
  ['an encoding with a tab', `${POST}${AUTHORIZED}Transfer-Encoding:\tchunked\tx\r\n\r\n0\r\n\r\n`],
  [
    'a chunk that is longer than it says',
    `${POST}${AUTHORIZED}Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n`,
  ],
  ['a chunk size that is none', `${POST}${AUTHORIZED}Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n`],
  ['a negative chunk', `${POST}${AUTHORIZED}Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n`],
  ['a chunk beyond all', `${POST}${AUTHORIZED}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n\r\n`],
  ['lines that end without a return', `POST /v1/backfills HTTP/1.1\n${AUTHORIZED.replaceAll('\r', '')}\n`],
  ['a return alone', `${POST}${HOST}X: a\rContent-Length: 9\r\n\r\n`],
  ['a header on a second line', `${POST}${HOST}X: a\r\n Content-Length: 9\r\n\r\n`],
  ['a null character in a header', `${POST}${HOST}X: a\0b\r\n\r\n`],
  ['a header without a colon', `${POST}${HOST}Nonsense\r\n\r\n`],
  ['a header without a name', `${POST}${HOST}: x\r\n\r\n`],
  ['no host', `GET /v1/gateway HTTP/1.1\r\n\r\n`],
  ['a tunnel', `CONNECT evil.example:443 HTTP/1.1\r\n${HOST}\r\n`],
  ['a method in small letters', `get /v1/gateway HTTP/1.1\r\n${HOST}\r\n`],
  ['a method that is none', `GIVE /v1/gateway HTTP/1.1\r\n${HOST}\r\n`],
  ['a method with a null character', `GE\0T /v1/gateway HTTP/1.1\r\n${HOST}\r\n`],
  ['HTTP/0.9', `GET /v1/gateway\r\n\r\n`],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['HTTP/3.0', `GET /v1/gateway HTTP/3.0\r\n${HOST}\r\n`],
  ['a version that is none', `GET /v1/gateway HTTP/1.1x\r\n${HOST}\r\n`],
  ['a space in the path', `GET /v1/gate way HTTP/1.1\r\n${HOST}\r\n`],
  ['a path without a slash', `GET v1/gateway HTTP/1.1\r\n${HOST}\r\n`],
  ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ['20 KB of headers', `GET /v1/gateway HTTP/1.1\r\n${HOST}X: ${'a'.repeat(20_000)}\r\n\r\n`],
]

test.each(AMBIGUOUS)('%s: one refusal at the most, and nothing behind it is served', async (_, bytes) => {
  const answer = await sendRaw(address, Buffer.from(bytes + SMUGGLED, 'latin1'), 400)
  const [status, ...more] = answer.statuses
  if (status !== undefined) expect([400, 404, 405, 411, 413, 415, 421, 422, 431, 501, 505]).toContain(status)
  expect(answer.text).not.toContain('"simulated"')
  expect(more).toEqual([])
})

/** Where it ends is clear: what comes behind it is a request of its own. */
const REFUSED: [string, string][] = [
  ['two hosts', `GET /v1/nothing HTTP/1.1\r\n${HOST}Host: evil.example\r\n\r\n`],
  ['an empty host', `GET /v1/gateway HTTP/1.1\r\nHost:\r\n\r\n`],
  ['another host in the line', `GET http://evil.example/v1/gateway HTTP/1.1\r\n${HOST}\r\n`],
  ['another scheme in the line', `GET file:///etc/passwd HTTP/1.1\r\n${HOST}\r\n`],
  ['a trace', `TRACE / HTTP/1.1\r\n${HOST}\r\n`],
  ['an asterisk', `OPTIONS * HTTP/1.1\r\n${HOST}\r\n`],
  ['3,000 headers', `GET /v1/nothing HTTP/1.1\r\n${HOST}${'X: a\r\n'.repeat(3_000)}\r\n`],
]

test.each(REFUSED)('%s is refused', async (_, bytes) => {
  const { statuses } = await sendRaw(address, Buffer.from(bytes, 'latin1'), 400)
  expect([400, 401, 404, 405, 421, 431]).toContain(statuses[0])
  expect(statuses).toHaveLength(1)
})

test('HTTP/1.0 is served as such, and closed', async () => {
  const answer = await sendRaw(address, `GET /health/live HTTP/1.0\r\n${HOST}\r\n`)
  expect(answer).toMatchObject({ statuses: [200], isClosed: true })
})

const STEPS = [
  '..',
  '%2e%2e',
  '.%2e',
  '%252e%252e',
  '..%00',
  '..;',
  '..\\',
  '%c0%ae%c0%ae',
  '....',
  '%u002e%u002e',
]
const STARTS = ['/', '/docs/', '/v1/', '/v1/backtests/', '//', '/docs//', '/v1/instruments/SPY/']
const ENDS = ['etc/passwd', 'package.json', 'app.ts', 'index.html', '.env', 'token', 'data/token']

const TRAVERSALS = [
  ...STARTS.flatMap((start) =>
    STEPS.flatMap((step) => ENDS.map((end) => `${start}${step}/${step}/${step}/${end}`)),
  ),
  ...STARTS.flatMap((start) => HOSTILE_PATHS.map((path) => `${start}${path.slice(1)}`)),
].filter((path) => !/[#\s]/.test(path))

test(`${TRAVERSALS.length} paths that climb lead nowhere`, async () => {
  const found: string[] = []
  for (const path of TRAVERSALS) {
    const { statuses, text } = await sendRaw(
      address,
      `GET ${path} HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`,
    )
    const isRefused = statuses.length === 1 && [400, 404, 405, 422, 421].includes(statuses[0]!)
    const isRoot = statuses[0] === 302 && /^location: \/docs\r$/m.test(text)
    if (!(isRefused || isRoot) || /root:|"dependencies"|ipe_/.test(text))
      found.push(`${path}: ${text.slice(0, 40)}`)
  }
  expect(TRAVERSALS.length).toBeGreaterThan(500)
  expect(found).toEqual([])
})

test.each(['//', '///', '/./', '/../'])('%s before the documentation is no way to it', async (start) => {
  const { statuses } = await sendRaw(address, `GET ${start}docs HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`)
  expect(statuses[0]).not.toBe(500)
})

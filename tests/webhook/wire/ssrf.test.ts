import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { machineClock } from '../../../src/clock/machine.ts'
import type { Allowed } from '../../../src/webhook/address.ts'
import { httpPost } from '../../../src/webhook/post.ts'
import { destination, type Resolve, readTarget } from '../../../src/webhook/target.ts'
import { HOSTS, NAMES, TRICKS } from './forms.ts'

/** What anybody has sent to this machine: on every address of it, whatever the family. */
let seen: string[] = []
beforeEach(() => {
  seen = []
})

async function listener(): Promise<number> {
  const server: Server = createServer((request, response) => {
    seen.push(`${request.headers.host}${request.url}`)
    response.end()
  })
  server.on('connection', () => seen.push('a connection'))
  await new Promise<void>((resolve) => server.listen(0, '::', resolve))
  afterAll(() => new Promise((resolve) => server.close(resolve)))
  return (server.address() as AddressInfo).port
}

const PORT = await listener()
const post = httpPost(machineClock)

/** As open as a configuration gets without naming a range. */
const OPEN: Allowed = { http: true, ranges: [], ports: [PORT] }

const resolver: Resolve = async (name) => NAMES[name] ?? NAMES[name.replace(/\.$/, '')] ?? []

/** The way of a delivery: read, look where it leads, dial. Resolves with why it was refused; null when it was sent. */
async function tried(text: string, allowed: Allowed, resolve = resolver): Promise<string | null> {
  const url = readTarget(text, allowed)
  if (!url.ok) return url.reason
  const addresses = await destination(url.value, allowed, resolve)
  if (!addresses.ok) return addresses.reason
  const posted = { url: url.value, addresses: addresses.value, headers: {}, body: '{}' }
  const { done } = await post(posted, AbortSignal.timeout(3_000))
  await done
  return null
}

const names = Object.keys(NAMES)
const urls = [
  ...[...HOSTS, ...names].flatMap((host) => [`http://${host}:${PORT}/`]),
  ...TRICKS.map((trick) => trick.replaceAll('%', `127.0.0.1:${PORT}`)),
]

test(`${urls.length} forms of addresses that are not public reach nothing here`, async () => {
  expect(urls.length).toBeGreaterThanOrEqual(240)
  expect(new Set(urls).size).toBe(urls.length)
  const sent: string[] = []
  for (const url of urls) if ((await tried(url, OPEN)) === null) sent.push(url)
  expect(sent).toEqual([])
  expect(seen).toEqual([])
})

test('the same with https and the port left out', async () => {
  const sent: string[] = []
  for (const host of HOSTS) if ((await tried(`https://${host}/`, OPEN)) === null) sent.push(host)
  expect(sent).toEqual([])
  expect(seen).toEqual([])
})

test('many of these forms do lead here: what refuses them is the rule', async () => {
  const allowed = { ...OPEN, ranges: ['127.0.0.0/8', '::1/128', '0.0.0.0/8', '::/128'] }
  const reached: string[] = []
  for (const host of HOSTS.slice(0, 80)) {
    const reason = await tried(`http://${host}:${PORT}/`, allowed).catch((error: Error) => error.message)
    if (reason === null) reached.push(host)
  }
  expect(reached).toEqual(
    expect.arrayContaining([
      '127.0.0.1',
      '2130706433',
      '0x7f.1',
      '0177.1',
      '[::1]',
      '[::ffff:7f00:1]',
      'localhost',
      '0',
    ]),
  )
  expect(seen.filter((it) => it === 'a connection')).toHaveLength(reached.length)
})

test('a name that is public when it is checked and loopback when it is dialled is dialled where it was checked', async () => {
  const answers = [['192.0.2.77'], ['127.0.0.1']]
  let asked = 0
  const rebinding: Resolve = async () => answers[Math.min(asked++, 1)]!
  const allowed = { ...OPEN, ranges: ['192.0.2.0/24'] } // stands for a public address; nobody is there
  await expect(tried(`http://rebind.example:${PORT}/`, allowed, rebinding)).rejects.toThrow()
  expect(asked).toBe(1)
  expect(seen).toEqual([])
})

test('the name is still what the receiver is told and what its certificate is checked for', async () => {
  const allowed = { ...OPEN, ranges: ['127.0.0.0/8'] }
  await tried(`http://loopback.example:${PORT}/x`, allowed)
  expect(seen).toContain(`loopback.example:${PORT}/x`)
})

test.each([
  ['https://93.184.215.14/', {}, null],
  ['http://93.184.215.14/', {}, null],
  ['http://93.184.215.14/', { http: false }, 'must be https'],
  ['https://93.184.215.14:8443/', { ports: [] }, 'its port must be 443 or 80'],
  ['https://93.184.215.14:8443/', { ports: [8443] }, null],
  ['https://93.184.215.14:22/', {}, 'its port must be'],
  ['https://[2606:2800:21f:cb07::1]/', {}, null],
  ['https://[::ffff:93.184.215.14]/', {}, null],
  ['https://10.1.2.3:9000/', { ranges: ['10.0.0.0/8'] }, null],
  ['https://[fd00::1]:9000/', { ranges: ['fd00::/8'] }, null],
  ['https://[::ffff:10.1.2.3]/', { ranges: ['10.0.0.0/8'] }, null],
  ['https://11.1.2.3:9000/', { ranges: ['10.0.0.0/8'], ports: [] }, 'its port must be'],
])('%s with %o', async (text, changed, reason) => {
  const allowed = { ...OPEN, ...changed }
  const url = readTarget(text, allowed)
  const found = url.ok ? await destination(url.value, allowed, resolver) : url
  expect(found.ok ? null : found.reason).toEqual(reason === null ? null : expect.stringContaining(reason))
})

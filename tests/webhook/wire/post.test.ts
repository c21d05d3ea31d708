import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createSecure } from 'node:https'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { httpPost } from '../../../src/webhook/post.ts'
import { hurriedClock } from '../../support/hurriedClock.ts'

/** Twenty times as fast: the deadlines are 250 ms to connect and 750 ms in all. */
const post = httpPost(hurriedClock(20))
const never = new AbortController().signal

/** A receiver that does with its socket as it likes. */
async function receiver(talk: (socket: Socket, request: string) => void) {
  const requests: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('data', (bytes) => {
      requests.push(bytes.toString())
      talk(socket, bytes.toString())
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const send = (path = '/', signal = never) =>
    post(
      {
        url: new URL(`http://receiver.example:${port}${path}`),
        addresses: ['127.0.0.1'],
        headers: { 'webhook-id': 'evt_1' },
        body: '{"ü":1}',
      },
      signal,
    )
  return { send, requests, sockets }
}

const answer = (status: string, headers = '', body = '') =>
  `HTTP/1.1 ${status}\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`

test('what is sent is a POST with the name, the headers and the body, on a connection that closes', async () => {
  const { send, requests } = await receiver((socket) => socket.end(answer('204 No Content')))
  const { response, done } = await send('/hook?a=b')
  await done
  expect(response).toBe(204)
  expect(requests[0]).toMatch(/^POST \/hook\?a=b HTTP\/1\.1\r\n/)
  expect(requests[0]).toMatch(/host: receiver\.example:\d+\r\n/i)
  expect(requests[0]).toMatch(/webhook-id: evt_1\r\n/)
  expect(requests[0]).toMatch(/content-length: 8\r\n/)
  expect(requests[0]).toMatch(/connection: close\r\n/i)
  expect(requests[0]).toMatch(/\{"ü":1\}$/)
})

test.each(['301 Moved', '302 Found', '307 Temporary', '308 Permanent'])(
  '%s is an answer, and is not followed',
  async (status) => {
    const next = await receiver((socket) => socket.end(answer('200 OK')))
    const first = await receiver((socket) => socket.end(answer(status, 'location: http://127.0.0.1:1/\r\n')))
    const { response } = await first.send()
    expect(response).toBe(Number(status.slice(0, 3)))
    expect(next.requests).toEqual([])
    expect(first.requests).toHaveLength(1)
  },
)

test('Retry-After is handed on', async () => {
  const { send } = await receiver((socket) => socket.end(answer('503 Busy', 'Retry-After: 120\r\n')))
  expect(await send()).toMatchObject({ response: 503, retryAfter: '120' })
})

test('who takes the request and says nothing is given up', async () => {
  const { send } = await receiver(() => {})
  await expect(send()).rejects.toThrow('no answer within 15 s')
})

test('who sends his headers byte by byte is given up as well', async () => {
  const { send } = await receiver((socket) => {
    const timer = setInterval(() => socket.write('HTTP/1.1 200 OK\r\nx: y\r\n'.slice(0, 1)), 50)
    socket.once('close', () => clearInterval(timer))
  })
  await expect(send()).rejects.toThrow()
})

test('of an answer without end no more than 4 KiB is read, and the connection is closed', async () => {
  let written = 0
  const { send, sockets } = await receiver((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n')
    const pump = () => {
      while (!socket.destroyed && socket.write(Buffer.alloc(65_536))) written += 65_536
      socket.once('drain', pump)
    }
    pump()
  })
  const begun = performance.now()
  const { response, done } = await send()
  await done
  expect(response).toBe(200)
  expect(performance.now() - begun).toBeLessThan(700)
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect([...sockets].every((socket) => socket.destroyed)).toBe(true)
  expect(written).toBeLessThan(20_000_000)
})

test('the answer counts when its status is there; a body that drips is not waited for longer than 15 s', async () => {
  const { send } = await receiver((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n')
    const timer = setInterval(() => socket.write('x'), 50)
    socket.once('close', () => clearInterval(timer))
  })
  const begun = performance.now()
  const { response, done } = await send()
  expect(response).toBe(200)
  expect(performance.now() - begun).toBeLessThan(500)
  await done
  expect(performance.now() - begun).toBeLessThan(2_000)
})

test('headers without end, garbage, and a connection that breaks are failures, not crashes', async () => {
  const talks: ((socket: Socket) => void)[] = [
    (socket) => socket.end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`),
    (socket) => socket.end('\0\0garbage\r\n\r\n'),
    (socket) => socket.end(),
    (socket) => socket.resetAndDestroy(),
    (socket) => socket.end('HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
  ]
  for (const talk of talks) {
    const { send } = await receiver(talk)
    await expect(send()).rejects.toThrow(/./)
  }
})

test('nobody there is told in a few words', async () => {
  const refused = post(
    { url: new URL('http://a.example:1/'), addresses: ['127.0.0.1'], headers: {}, body: '' },
    never,
  )
  await expect(refused).rejects.toThrow('the connection was refused')
})

test('an attempt that is cut off rejects at once', async () => {
  const cut = new AbortController()
  const { send } = await receiver(() => cut.abort())
  await expect(send('/', cut.signal)).rejects.toThrow()
})

/** A key and a certificate for a name, signed by itself. */
function certificate(name: string): { key: Buffer; cert: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'webhook-tls-'))
  const path = (file: string) => join(folder, file)
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`]
  const options = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '1',
  ]
  execFileSync('openssl', [...options, ...subject, '-keyout', path('key'), '-out', path('cert')], {
    stdio: 'ignore',
  })
  const files = { key: readFileSync(path('key')), cert: readFileSync(path('cert')) }
  rmSync(folder, { recursive: true })
  return files
}

test('a certificate that nobody vouches for is refused, even where the environment would let it pass', async () => {
  const names: unknown[] = []
  const server = createSecure(
    {
      ...certificate('receiver.example'),
      SNICallback: (name, tell) => {
        names.push(name)
        tell(null)
      },
    },
    (_, response) => response.end(),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
  onTestFinished(() => {
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
  })
  const url = new URL(`https://receiver.example:${port}/`)
  const sent = post({ url, addresses: ['127.0.0.1'], headers: {}, body: '{}' }, never)
  await expect(sent).rejects.toThrow(/self-signed certificate/)
  expect(names).toEqual(['receiver.example'])
})

test('a variable that names a proxy changes nothing', async () => {
  const proxy = await receiver((socket) => socket.end(answer('200 OK')))
  const real = await receiver((socket) => socket.end(answer('201 Created')))
  process.env.HTTP_PROXY = 'http://127.0.0.1:1'
  process.env.http_proxy = 'http://127.0.0.1:1'
  onTestFinished(() => {
    delete process.env.HTTP_PROXY
    delete process.env.http_proxy
  })
  expect(await real.send()).toMatchObject({ response: 201 })
  expect(proxy.requests).toEqual([])
})

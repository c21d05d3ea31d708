import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { until } from '../support/client.ts'
import { type Running, runService, temporaryFolder, tokenIn } from '../support/processes.ts'

const RECEIVER = fileURLToPath(new URL('../../docs/receiver.mjs', import.meta.url))

const undo: (() => Promise<unknown>)[] = []
afterAll(async () => {
  for (const step of undo.reverse()) await step()
})

/** A port that is free for now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  return port
}

/** The receiver of the documentation, and what it has printed in all its lives. */
function documented(port: number, secret: string) {
  const state = { text: '', child: null as ChildProcess | null }
  const stop = async () => {
    const child = state.child
    state.child = null
    if (child?.kill('SIGKILL')) await once(child, 'exit')
  }
  undo.push(stop)
  return {
    /** Settles when it listens: a test event is tried once only. */
    async start() {
      const env = { PATH: process.env.PATH, PORT: String(port), WEBHOOK_SECRET: secret }
      state.child = spawn(process.execPath, [RECEIVER], { env, stdio: ['ignore', 'pipe', 'inherit'] })
      state.child.stdout!.on('data', (chunk: Buffer) => {
        state.text += chunk
      })
      await until(async () => (await fetch(`http://127.0.0.1:${port}/`)).status === 401, 20_000)
    },
    stop,
    /** Ids and bodies, in the order of their arrival. */
    seen: () =>
      state.text
        .split('\n')
        .filter((line) => line.includes('{'))
        .map((line) => JSON.parse(line.slice(line.indexOf('{'))) as Told),
  }
}

interface Told {
  readonly id: string
  readonly type: string
  readonly sequence: number
  readonly data: { readonly id: string }
}

interface Waiting {
  readonly id: string
  readonly status: string
  readonly attemptCount: number
}

/** What a person does with curl. */
function client({ address }: Running, token: string) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  return async <T>(method: string, path: string, body?: object): Promise<T> => {
    const answer = await fetch(`${address}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }
}

test('a receiver that verifies misses nothing and gets nothing out of order while it and the service come and go', async () => {
  const { path, remove } = await temporaryFolder()
  undo.push(remove)
  const env = { DATA_DIR: path, WEBHOOK_ALLOW: 'http,127.0.0.0/8', TRADING: 'off', BACKFILL_SESSIONS: '0' }
  let service = await runService(env)
  undo.push(() => service.end('SIGKILL'))
  const token = await tokenIn(path)
  expect((await stat(join(path, 'webhook.key'))).mode & 0o777).toBe(0o600)
  let ask = client(service, token)

  /** What the service asks for by itself when it starts is no part of this. */
  const started = () =>
    until(async () => {
      const { items } = await ask<{ items: { state: string }[] }>('GET', '/v1/backfills')
      return items.length > 0 && items.every(({ state }) => state === 'done')
    }, 60_000)
  await started()

  const port = await freePort()
  const { id, secret } = await ask<{ id: string; secret: string }>('POST', '/v1/webhooks', {
    url: `http://127.0.0.1:${port}/`,
    events: ['backfill.finished'],
  })
  const logged = async () =>
    (await ask<{ items: Told[] }>('GET', '/v1/events/log?types=backfill.finished')).items
  const before = new Set((await logged()).map((event) => event.id))
  const receiver = documented(port, secret)
  /** A weekend lacks nothing: a backfill of it has finished when it is made. */
  const now = Date.parse(/now (\S+Z)/.exec(service.output())![1]!)
  const saturday = new Date(now - ((new Date(now).getUTCDay() + 1) % 7) * 86_400_000 - 7 * 86_400_000)
  const day = saturday.toISOString().slice(0, 10)
  const range = { symbol: 'SPY', from: `${day}T10:00:00Z`, to: `${day}T11:00:00Z` }
  const asked = new Set<string>()
  const backfill = async (times: number) => {
    for (let i = 0; i < times; i++) asked.add((await ask<{ id: string }>('POST', '/v1/backfills', range)).id)
  }

  await receiver.start()
  await ask('POST', `/v1/webhooks/${id}/test`)
  await until(async () => receiver.seen().some(({ type }) => type === 'webhook.test'), 20_000)
  const real = () => receiver.seen().filter(({ type }) => type !== 'webhook.test')
  /** The service may heal a hole of its own meanwhile, and tell that too. */
  const areTold = async () => {
    const told = new Set(real().map(({ data }) => data.id))
    return [...asked].every((one) => told.has(one))
  }
  await backfill(3)
  await until(areTold, 20_000)

  await receiver.stop()
  await backfill(2)
  await until(
    async () => (await ask<{ nextTry: string | null }>('GET', `/v1/webhooks/${id}`)).nextTry !== null,
    20_000,
  )
  await service.end('SIGKILL')
  service = await runService(env)
  ask = client(service, token)
  await started()
  await backfill(2)
  const oldest = async () => {
    const { items } = await ask<{ items: Waiting[] }>('GET', `/v1/webhooks/${id}/deliveries`)
    return items.filter(({ status }) => status === 'pending').at(-1)!
  }
  await until(async () => (await oldest()).attemptCount >= 2, 30_000) // the next try is in five minutes
  await receiver.start()
  await ask('POST', `/v1/deliveries/${(await oldest()).id}/redeliver`)
  const missed = async () => {
    const seen = new Set(real().map((told) => told.id))
    return (await logged()).filter((event) => !before.has(event.id) && !seen.has(event.id))
  }
  await until(async () => (await areTold()) && (await missed()).length === 0, 60_000)

  const sequences = real().map(({ sequence }) => sequence)
  expect(sequences).toEqual([...sequences].sort((a, b) => a - b))
  expect(asked.size).toBe(7)
  expect(await service.end('SIGINT')).toBe(0)
}, 180_000)

test('a receiver with another secret takes nothing', async () => {
  const port = await freePort()
  const receiver = documented(port, `whsec_${Buffer.alloc(32, 1).toString('base64')}`)
  await receiver.start()
  const headers = {
    'webhook-id': 'evt_1',
    'webhook-timestamp': String(Math.floor(Date.now() / 1_000)),
    'webhook-signature': `v1,${Buffer.alloc(32, 2).toString('base64')}`,
  }
  const post = () => fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body: '{}' })
  expect((await post()).status).toBe(401)
  expect(receiver.seen()).toEqual([])
})

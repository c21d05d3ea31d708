import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { OpenAPIObject } from 'openapi3-ts/oas31'
import { afterAll, expect, inject, test } from 'vitest'
import { backup } from '../../db/backup/backup.ts'
import { documented, exampleUrl } from '../openapi/requests.ts'
import { getJson, until } from '../support/client.ts'
import { createOwnedDatabase, dropOwnedDatabase } from '../support/databases.ts'
import { runService, temporaryFolder, tokenIn } from '../support/processes.ts'

const undo: (() => Promise<unknown>)[] = []
afterAll(async () => {
  for (const step of undo.reverse()) await step()
})

const DATABASE_PASSWORD = 'canary-of-the-database'
const REMOVED = 'canary-of-a-url'
const UGLY = 'one\n{"level":50}\r\n\x1b[31mtwo'

async function textsOf(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.copy.gz'))
  const texts = await Promise.all(
    names.map(async (name) => gunzipSync(await readFile(join(folder, name))).toString()),
  )
  return texts.join('\n')
}

test('no secret is in a line of the log, in an answer, or in the database; each entry of the log is a line of JSON', async () => {
  const [server, role] = [inject('templateUrl'), `secretive_${process.pid}`]
  undo.push(() => dropOwnedDatabase(server, role))
  const url = await createOwnedDatabase(server, role, DATABASE_PASSWORD)
  const { path, remove } = await temporaryFolder()
  undo.push(remove)
  const service = await runService({
    ...{ DATABASE_URL: url, DATA_DIR: path, LOG_LEVEL: 'debug', BACKFILL_SESSIONS: '0' },
    WEBHOOK_ALLOW: 'http,127.0.0.0/8',
  })
  undo.push(() => service.end('SIGKILL'))
  await until(async () => (await fetch(`${service.address}/health/ready`)).ok, 60_000)
  const token = await tokenIn(path)
  const key = (await readFile(join(path, 'webhook.key'), 'utf8')).trim()
  const ask = (method: string, to: string, body?: object, more: Record<string, string> = {}) =>
    fetch(service.address + to, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...more },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const made = async (to: string, body?: object) => {
    const answer = await ask('POST', to, body, { 'idempotency-key': to })
    if (!answer.ok) throw new Error(`${to}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as { id: string; secret: string; token: string }
  }

  const webhook = await made('/v1/webhooks', { url: 'http://127.0.0.1:9/', events: ['*'] })
  const rotated = await made(`/v1/webhooks/${webhook.id}/rotate`)
  await ask('POST', `/v1/webhooks/${webhook.id}/test`)
  const other = await made('/v1/tokens', { name: 'other', scopes: ['read', 'trade', 'admin'] })
  const secrets = { token, key, first: webhook.secret, second: rotated.secret, other: other.token }
  for (const secret of Object.values(secrets)) expect(secret.length).toBeGreaterThan(20)

  // Where they do not belong.
  for (const secret of Object.values(secrets)) {
    await ask('GET', `/v1/gateway?token=${encodeURIComponent(secret)}`)
    await ask('GET', `/v1/audit?${encodeURIComponent(secret)}`, undefined, {
      authorization: `Basic ${secret}`,
    })
    await ask('POST', '/v1/backfills', { symbol: secret, [secret]: secret })
    await ask('POST', '/v1/webhooks', { url: `https://${REMOVED}:${secret}@receiver.example/` })
  }
  // Newlines and the colours of a terminal.
  await ask('POST', `/v1/jobs/${encodeURIComponent(UGLY)}/runs`)
  await ask('PATCH', `/v1/webhooks/${webhook.id}`, { description: UGLY })

  const document = await getJson<OpenAPIObject>(`${service.address}/openapi.json`)
  const answers: string[] = []
  for (const described of documented(document)) {
    if (described.method !== 'GET' || described.path === '/v1/events') continue
    const answer = await ask('GET', exampleUrl(described).replace(/whk_\w+/, webhook.id))
    answers.push(await answer.text())
  }
  const folder = join(path, 'kept')
  await backup({ url, folder, dataDir: path })
  expect(await service.end('SIGTERM')).toBe(0)
  await service.ended

  const places = { log: service.output(), answers: answers.join('\n'), database: await textsOf(folder) }
  for (const [place, text] of Object.entries(places)) {
    expect(text.length, place).toBeGreaterThan(1_000)
    for (const [name, secret] of Object.entries({ ...secrets, DATABASE_PASSWORD, REMOVED }))
      expect({ place, name, isTold: text.includes(secret) }).toEqual({ place, name, isTold: false })
  }
  const entries = places.log.split('\n').filter((line) => line.includes('"level"'))
  expect(entries.length).toBeGreaterThan(10)
  for (const line of entries) expect(Object.keys(JSON.parse(line) as object)).toContain('msg')
}, 120_000)

import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { secretText, signatureHeaders } from '../../../src/webhook/signature.ts'

const now = () => Math.floor(Date.now() / 1_000)
const secret = randomBytes(32)

test('the published verifier accepts what is signed, whatever the body', () => {
  const accepts = (key: Uint8Array, payload: unknown) => {
    const body = JSON.stringify(payload) ?? 'null'
    const headers = signatureHeaders({ id: 'evt_1', timestamp: now(), body }, [key])
    expect(new Webhook(secretText(key)).verify(body, headers)).toEqual(JSON.parse(body))
  }
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.json().map((it) => JSON.parse(it)),
      accepts,
    ),
  )
})

test.each<[string, { body?: string }, Record<string, string>]>([
  ['another body', { body: '{"a":2}' }, {}],
  ['another id', {}, { 'webhook-id': 'evt_2' }],
  ['a later time', {}, { 'webhook-timestamp': String(now() + 100) }],
  ['a signature of nobody', {}, { 'webhook-signature': `v1,${randomBytes(32).toString('base64')}` }],
])('the published verifier refuses %s', (_, { body = '{"a":1}' }, changed) => {
  const headers = signatureHeaders({ id: 'evt_1', timestamp: now(), body: '{"a":1}' }, [secret])
  expect(() => new Webhook(secretText(secret)).verify(body, { ...headers, ...changed })).toThrow()
})

test('what was signed six minutes ago is refused: a replay is too late', () => {
  const headers = signatureHeaders({ id: 'evt_1', timestamp: now() - 360, body: '{}' }, [secret])
  expect(() => new Webhook(secretText(secret)).verify('{}', headers)).toThrow(/too old/)
})

test('signed under two secrets, either of their owners accepts it', () => {
  const before = randomBytes(32)
  const headers = signatureHeaders({ id: 'evt_1', timestamp: now(), body: '{}' }, [secret, before])
  for (const key of [secret, before]) new Webhook(secretText(key)).verify('{}', headers)
  expect(() => new Webhook(secretText(randomBytes(32))).verify('{}', headers)).toThrow()
})

test('an answer of RFC 4231, and the form of the specification', () => {
  const key = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64')
  const body = '{"test": 2432232314}'
  const headers = signatureHeaders({ id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1614265330, body }, [key])
  expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
})

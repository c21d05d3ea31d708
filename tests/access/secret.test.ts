import { createHash, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { digestOf, isSecret, SECRET_BYTES, secretOf } from '../../src/access/secret.ts'

const secret = secretOf(Uint8Array.from({ length: SECRET_BYTES }, (_, i) => i))

test('a secret is a prefix, 32 bytes and their checksum', () => {
  expect(secret).toBe('ipe_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh876rsaQ')
  expect(isSecret(secret)).toBe(true)
  expect(() => secretOf(new Uint8Array(31))).toThrow(RangeError)
})

test('any character that is changed, left out or added is noticed', () => {
  const own = secretOf(randomBytes(SECRET_BYTES))
  for (let i = 0; i < own.length; i++) {
    const other = own[i] === 'x' ? 'y' : 'x'
    expect(isSecret(own.slice(0, i) + other + own.slice(i + 1))).toBe(false)
    expect(isSecret(own.slice(0, i) + own.slice(i + 1))).toBe(false)
    expect(isSecret(`${own.slice(0, i)}x${own.slice(i)}`)).toBe(false)
  }
  expect(isSecret(`${own}\n`)).toBe(false)
})

test('what is kept is the SHA-256 of the secret', () => {
  expect(digestOf(secret).toString('hex')).toBe(createHash('sha256').update(secret).digest('hex'))
})

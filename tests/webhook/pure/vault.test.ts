import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { openVault } from '../../../src/webhook/vault.ts'

const key = randomBytes(32)
const vault = openVault(key, randomBytes)
const secret = randomBytes(32)

test('what is sealed opens for its owner, and does not show the secret', () => {
  const sealed = Buffer.from(vault.seal('whk_1', secret))
  expect(Buffer.from(vault.open('whk_1', sealed)).equals(secret)).toBe(true)
  expect(sealed.includes(secret)).toBe(false)
  expect(Buffer.from(vault.seal('whk_1', secret)).equals(sealed)).toBe(false)
})

test('it opens for no other owner, under no other key, and not when a bit was turned', () => {
  const sealed = Buffer.from(vault.seal('whk_1', secret))
  const refused = { kind: 'refused', message: expect.stringContaining('DATA_DIR/webhook.key') }
  expect(() => vault.open('whk_2', sealed)).toThrow(expect.objectContaining(refused))
  expect(() => openVault(randomBytes(32), randomBytes).open('whk_1', sealed)).toThrow(
    expect.objectContaining(refused),
  )
  for (let i = 0; i < sealed.length; i++) {
    const turned = Buffer.from(sealed)
    turned[i]! ^= 1
    expect(() => vault.open('whk_1', turned)).toThrow(expect.objectContaining(refused))
  }
  expect(() => vault.open('whk_1', sealed.subarray(0, 20))).toThrow(expect.objectContaining(refused))
})

import { createCipheriv, createDecipheriv } from 'node:crypto'
import { refused } from '../errors.ts'

/** What encrypts the secrets of receivers before they are kept. `owner` is bound in: a secret moved to another opens no more. */
export interface Vault {
  seal(owner: string, secret: Uint8Array): Uint8Array
  /** Rejects with `refused` what was sealed under another key, or for another owner. */
  open(owner: string, sealed: Uint8Array): Uint8Array
}

const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** AES-256-GCM under a key of 32 bytes: nonce, tag, cipher text. */
export const openVault = (key: Uint8Array, randomBytes: (count: number) => Uint8Array): Vault => ({
  seal(owner, secret) {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(owner))
    const text = Buffer.concat([cipher.update(secret), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), text])
  },
  open(owner, sealed) {
    const nonce = sealed.subarray(0, NONCE_BYTES)
    const tag = sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)
    try {
      const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
      decipher.setAAD(Buffer.from(owner)).setAuthTag(tag)
      return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()])
    } catch (error) {
      throw refused('its secret cannot be read: DATA_DIR/webhook.key is not the one it was kept under', {
        cause: error,
      })
    }
  },
})

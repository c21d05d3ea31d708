import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const CIPHER = 'aes-256-gcm'
const [IV_BYTES, TAG_BYTES] = [12, 16]

/**
 * Texts that only the holder of a token can read again: encrypted under a key that follows from its secret, which is
 * kept nowhere. `place` is where the text lies; at another one it cannot be opened.
 */
export function sealed(text: string, secret: string, place: string): string {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv(CIPHER, keyOf(secret, place), iv)
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64')
}

/** Null for another secret. */
export function opened(base64: string, secret: string, place: string): string | null {
  const bytes = Buffer.from(base64, 'base64')
  const decipher = createDecipheriv(CIPHER, keyOf(secret, place), bytes.subarray(0, IV_BYTES))
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
  try {
    const body = decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES))
    return Buffer.concat([body, decipher.final()]).toString('utf8')
  } catch {
    return null // the tag does not fit: it was sealed with another secret
  }
}

const keyOf = (secret: string, place: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, place, 'an answer kept for its key', 32))

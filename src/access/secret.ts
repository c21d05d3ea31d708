import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** A prefix lets scanners find a token that has leaked, and the checksum lets them know that it is one. */
const PREFIX = 'ipe_'
export const SECRET_BYTES = 32
const FORM = /^ipe_([\w-]{43})([\w-]{6})$/

/** The text that a client sends: `ipe_`, 32 random bytes and their CRC-32, both in base64url. */
export function secretOf(bytes: Uint8Array): string {
  if (bytes.length !== SECRET_BYTES) throw new RangeError(`a secret has ${SECRET_BYTES} bytes`)
  const body = Buffer.from(bytes).toString('base64url')
  return `${PREFIX}${body}${checksumOf(body)}`
}

/** Whether a text can be a secret at all. */
export function isSecret(text: string): boolean {
  const [, body, checksum] = FORM.exec(text) ?? []
  return body !== undefined && checksumOf(body) === checksum
}

/** A secret is 256 random bits: a plain hash of it cannot be guessed back. */
export const digestOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()

function checksumOf(body: string): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(body))
  return bytes.toString('base64url')
}

import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { refused } from './errors.ts'
import { storedSecret } from './secretFile.ts'

const KEY_BYTES = 32

/** The key under which the secrets of webhooks lie in the database: `DATA_DIR/webhook.key`, in base64. */
export const webhookKey = (dataDir: string): Promise<Buffer> =>
  storedSecret(join(dataDir, 'webhook.key'), FORM)

const FORM = {
  make: () => randomBytes(KEY_BYTES).toString('base64'),
  read(text: string, path: string) {
    const key = Buffer.from(text, 'base64')
    if (key.length === KEY_BYTES && key.toString('base64') === text) return key
    throw refused(
      `${path} holds no key: bring back the file that was there; without it every webhook needs a new secret`,
    )
  },
}

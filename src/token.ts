import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { isSecret, SECRET_BYTES, secretOf } from './access/secret.ts'
import { refused } from './errors.ts'
import { storedSecret } from './secretFile.ts'

export interface StoredToken {
  readonly token: string
  readonly path: string
}

/** The token of the API: made at the first start in `DATA_DIR/token`. */
export async function storedToken(dataDir: string): Promise<StoredToken> {
  const path = join(dataDir, 'token')
  return { token: await storedSecret(path, FORM), path }
}

const FORM = {
  make: () => secretOf(randomBytes(SECRET_BYTES)),
  read(text: string, path: string) {
    if (isSecret(text)) return text
    throw refused(`${path} holds no token: remove it, and the next start makes one`)
  },
}

import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isSecret, SECRET_BYTES, secretOf } from './access/secret.ts'
import { refused } from './errors.ts'

export interface StoredToken {
  readonly token: string
  readonly path: string
}

/**
 * The token of the API: made at the first start in `DATA_DIR/token`, readable by its owner only. Several processes may
 * start at once: the file appears whole, and the first one counts.
 */
export async function storedToken(dataDir: string): Promise<StoredToken> {
  await mkdir(dataDir, { recursive: true })
  const path = join(dataDir, 'token')
  const token = await readToken(path)
  if (token !== null) return { token, path }
  await makeToken(path)
  return { token: (await readToken(path))!, path }
}

async function readToken(path: string): Promise<string | null> {
  try {
    const token = (await readFile(path, 'utf8')).trim()
    if (isSecret(token)) return token
    throw refused(`${path} holds no token: remove it, and the next start makes one`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

async function makeToken(path: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  await writeFile(draft, `${secretOf(randomBytes(SECRET_BYTES))}\n`, { mode: 0o600, flag: 'wx' })
  try {
    await link(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(draft)
  }
}

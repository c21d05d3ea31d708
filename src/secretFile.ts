import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** How a file holds a secret. */
export interface SecretForm<T> {
  /** A new one, as text. */
  readonly make: () => string
  /** Reads the text of the file, without the line's end. Throws when it is none. */
  readonly read: (text: string, path: string) => T
}

/**
 * The secret in a file, readable by its owner only and made when it is not there. Several processes may start at once:
 * the file appears whole, and the first one counts.
 */
export async function storedSecret<T>(path: string, form: SecretForm<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true })
  const found = await textOf(path)
  if (found !== null) return form.read(found, path)
  await make(path, form.make())
  return form.read((await textOf(path))!, path)
}

async function textOf(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

async function make(path: string, secret: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  await writeFile(draft, `${secret}\n`, { mode: 0o600, flag: 'wx' })
  try {
    await link(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(draft)
  }
}

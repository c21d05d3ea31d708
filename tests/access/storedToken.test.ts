import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { isSecret } from '../../src/access/secret.ts'
import { storedToken } from '../../src/token.ts'

const folder = await mkdtemp(join(tmpdir(), 'pivot-token-'))
afterAll(() => rm(folder, { recursive: true }))

test('five starts at once agree on one token, which its owner alone may read', async () => {
  const dataDir = join(folder, 'new')
  const stored = await Promise.all(Array.from({ length: 5 }, () => storedToken(dataDir)))
  const [{ token, path }] = stored as [(typeof stored)[0], ...typeof stored]
  expect(new Set(stored.map((each) => each.token))).toEqual(new Set([token]))
  expect(isSecret(token)).toBe(true)
  expect((await readFile(path, 'utf8')).trim()).toBe(token)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
})

test('a file that holds something else is refused, with what to do', async () => {
  await writeFile(join(folder, 'token'), 'hunter2\n')
  await expect(storedToken(folder)).rejects.toThrow(/holds no token: remove it/)
})

import { execFileSync } from 'node:child_process'
import { chown, cp, mkdir, readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { mayEnter, nobody } from '../../db/embedded/account.ts'
import { findBinaries, programOf, runnableBinaries } from '../../db/embedded/binaries.ts'
import { ask, isRoot, scratchFolder, start } from './support.ts'
import { startWriter } from './writer.ts'

/** A folder that only its owner may enter, as root's home is. */
async function privateFolder(): Promise<string> {
  const folder = join(await scratchFolder(), 'private')
  await mkdir(folder, { mode: 0o700 })
  return folder
}

test.runIf(isRoot)('a root whose folder is private keeps its cluster in one folder elsewhere', async () => {
  const dataDir = join(await privateFolder(), 'data')
  const stateDir = await scratchFolder()
  const first = await start({ dataDir, stateDir })
  await ask(first.url, 'create table row as select 7 as id')
  await first.stop()
  const home = dirname(first.directory)
  expect(home).toMatch(new RegExp(`^${stateDir}/ibkr-pivot-engine-[0-9a-f]{12}$`))
  expect(await stat(home)).toMatchObject({ mode: 0o40700, uid: (await nobody()).uid })
  const again = await start({ dataDir, stateDir })
  expect(await ask(again.url, 'select id from row')).toEqual({ id: 7 })
  expect([await readdir(dataDir), await readdir(stateDir)]).toEqual([[], [home.slice(stateDir.length + 1)]])
})

test.runIf(isRoot)(
  'binaries in a private folder are copied once to where the server can run them',
  async () => {
    const found = await findBinaries()
    const folder = join(await privateFolder(), 'native')
    await cp(found.folder, folder, { recursive: true, verbatimSymlinks: true })
    const home = await scratchFolder()
    const account = await nobody()
    const place = { home, directory: join(home, 'postgres'), apart: true, account }
    const copy = await runnableBinaries({ ...found, folder }, place)
    expect(copy.folder).toBe(join(home, `postgres-binaries-${found.version}`))
    const said = execFileSync(programOf(copy, 'initdb'), ['--version'], { cwd: '/', ...account })
    expect(said.toString()).toMatch(/^initdb \(PostgreSQL\) 18/)
    const { mtimeMs } = await stat(copy.folder)
    await runnableBinaries({ ...found, folder }, place)
    expect((await stat(copy.folder)).mtimeMs).toBe(mtimeMs)
  },
)

test.runIf(isRoot)('an ordinary user keeps its cluster in its own private folder', async ({ skip }) => {
  const user = await nobody()
  if (!(await mayEnter(fileURLToPath(new URL('.', import.meta.url)), user)))
    skip('an ordinary user may not enter this checkout')
  const home = await privateFolder()
  await chown(home, user.uid, user.gid)
  const { url, directory } = await startWriter({ dataDir: join(home, 'data'), ...user })
  expect(directory).toBe(join(home, 'data', 'postgres'))
  expect(await ask(url, 'select 1 as one')).toEqual({ one: 1 })
})

test.runIf(isRoot)('a cluster that root has put back from a copy is started all the same', async () => {
  const [from, dataDir] = [await scratchFolder(), await scratchFolder()]
  await (await start({ dataDir: from })).stop()
  await cp(join(from, 'postgres'), join(dataDir, 'postgres'), { recursive: true })
  const { url, created } = await start({ dataDir })
  expect(await ask(url, 'select 1 as one')).toEqual({ one: 1 })
  expect(created).toBe(false)
})

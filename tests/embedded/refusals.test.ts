import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, onTestFinished, test } from 'vitest'
import { ask, isRoot, scratchFolder, start } from './support.ts'
import { startWriter } from './writer.ts'

const anotherProgram = (): ChildProcess => {
  const child = spawn('sleep', ['60'], isRoot ? { uid: 65_534, gid: 65_534, cwd: '/' } : {})
  onTestFinished(() => void child.kill())
  return child
}

test('a folder that is no cluster is refused and not touched', async () => {
  const dataDir = await scratchFolder()
  await mkdir(join(dataDir, 'postgres'))
  await writeFile(join(dataDir, 'postgres', 'notes.txt'), 'mine')
  await expect(start({ dataDir })).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringContaining(`${dataDir}/postgres is no database of this program`),
  })
  expect(await readdir(dataDir)).toEqual(['postgres'])
  expect(await readdir(join(dataDir, 'postgres'))).toEqual(['notes.txt'])
})

test('a cluster of another major version is refused', async () => {
  const dataDir = await scratchFolder()
  await (await start({ dataDir })).stop()
  await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '15\n')
  await expect(start({ dataDir })).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringContaining('was made by PostgreSQL 15, and this release brings 18'),
  })
})

test('a data directory that is a file is refused', async () => {
  const file = join(await scratchFolder(), 'data')
  await writeFile(file, '')
  await expect(start({ dataDir: file })).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringContaining(`The database cannot live in ${file}`),
  })
})

test('a second start names the process that holds the database', async () => {
  const dataDir = await scratchFolder()
  const { pid } = await startWriter({ dataDir })
  await expect(start({ dataDir })).rejects.toMatchObject({
    kind: 'conflict',
    message: expect.stringContaining(`is in use by process ${pid}: stop that one first`),
  })
})

test('of several starts at once on a new folder one has the database, and the others name it', async () => {
  const dataDir = await scratchFolder()
  const starts = await Promise.allSettled([1, 2, 3, 4].map(() => startWriter({ dataDir })))
  const [winner, ...others] = starts.filter((each) => each.status === 'fulfilled').map((each) => each.value)
  const refusals = starts.filter((each) => each.status === 'rejected').map((each) => String(each.reason))
  expect(others).toEqual([])
  expect(refusals).toHaveLength(3)
  for (const refusal of refusals) expect(refusal).toMatch(`is in use by process ${winner!.pid}`)
})

test('a second start in the same process is a conflict and leaves the first alone', async () => {
  const dataDir = await scratchFolder()
  const { url } = await start({ dataDir })
  await expect(start({ dataDir })).rejects.toMatchObject({ kind: 'conflict' })
  expect(await ask(url, 'select 1 as one')).toEqual({ one: 1 })
})

test('a stale lock whose pid is another program by now is cleared away, and that program lives', async () => {
  const dataDir = await scratchFolder()
  const first = await start({ dataDir })
  const lock = join(first.directory, 'postmaster.pid')
  const lines = (await readFile(lock, 'utf8')).split('\n')
  await first.stop()
  const other = anotherProgram()
  await writeFile(lock, [other.pid, ...lines.slice(1)].join('\n'))
  const second = await start({ dataDir })
  expect(await ask(second.url, 'select 1 as one')).toEqual({ one: 1 })
  expect(other.exitCode ?? other.signalCode).toBeNull()
})

test('what a start that was cut short has left is made anew', async () => {
  const dataDir = await scratchFolder()
  const dead = anotherProgram()
  dead.kill('SIGKILL')
  await mkdir(join(dataDir, `postgres.new.${dead.pid}`, 'cluster'), { recursive: true })
  const { created } = await start({ dataDir })
  expect(created).toBe(true)
  expect(await readdir(dataDir)).toEqual(['postgres'])
})

test('an installation without the optional package is told what to do', async () => {
  const outfile = join(await scratchFolder(), 'binaries.mjs')
  const entry = fileURLToPath(new URL('../../db/embedded/binaries.ts', import.meta.url))
  await build({ entryPoints: [entry], outfile, bundle: true, format: 'esm', platform: 'node' })
  const { findBinaries } = await import(outfile)
  await expect(findBinaries()).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringMatching(/optional package .* is not installed\. Set DATABASE_URL/),
  })
})

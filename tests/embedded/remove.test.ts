import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { removeCluster } from '../../db/embedded/remove.ts'
import { isRoot, scratchFolder, start } from './support.ts'
import { runProgram, startWriter } from './writer.ts'

const destroy = (dataDir: string) => runProgram('../../db/embedded/destroy.ts', { DATA_DIR: dataDir })

test('db:destroy removes the cluster of DATA_DIR, says so and leaves the rest', async () => {
  const dataDir = await scratchFolder()
  await writeFile(join(dataDir, 'token'), 'secret')
  await (await start({ dataDir })).stop()
  expect(await destroy(dataDir)).toEqual({ status: 0, said: `Removed ${dataDir}/postgres\n` })
  expect(await readdir(dataDir)).toEqual(['token'])
  expect(await destroy(dataDir)).toEqual({
    status: 0,
    said: `There is no embedded database of ${dataDir}.\n`,
  })
})

test('db:destroy refuses while a living process uses the cluster', async () => {
  const dataDir = await scratchFolder()
  const { pid } = await startWriter({ dataDir })
  const { status, said } = await destroy(dataDir)
  expect(status).toBe(1)
  expect(said).toMatch(`is in use by process ${pid}`)
  expect(await readdir(dataDir)).toEqual(['postgres'])
})

test('a folder that is no cluster is not removed', async () => {
  const dataDir = await scratchFolder()
  await mkdir(join(dataDir, 'postgres', 'photos'), { recursive: true })
  await expect(removeCluster({ dataDir })).rejects.toMatchObject({ kind: 'refused' })
  expect(await readdir(join(dataDir, 'postgres'))).toEqual(['photos'])
})

test.runIf(isRoot)('of a cluster in the state directory nothing is left', async () => {
  const dataDir = join(await scratchFolder(), 'private', 'data')
  const stateDir = await scratchFolder()
  await mkdir(join(dataDir, '..'), { mode: 0o700 })
  await (await start({ dataDir, stateDir })).stop()
  const removed = await removeCluster({ dataDir, stateDir })
  expect(removed).toHaveLength(1)
  expect(await readdir(stateDir)).toEqual([])
})

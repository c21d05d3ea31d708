import { expect, test, vi } from 'vitest'
import { ask, processesOf, scratchFolder, start } from './support.ts'
import { startWriter, type Writer } from './writer.ts'

const writing = (writer: Writer, rows: number) =>
  vi.waitFor(() => expect(writer.acknowledged()).toBeGreaterThan(rows), { timeout: 10_000 })

const shellOf = async (ownerPid: number): Promise<number> => {
  const shell = (await processesOf(ownerPid)).find(({ command }) => command.startsWith('/bin/sh'))
  return shell!.pid
}

test('every acknowledged row is there when the next start follows a kill -9 at once', async () => {
  const dataDir = await scratchFolder()
  for (let round = 1; round <= 3; round += 1) {
    const writer = await startWriter({ dataDir })
    await writing(writer, 100 * round)
    await writer.kill('SIGKILL')
    const { url, stop } = await start({ dataDir })
    const { rows, last } = await ask<{ rows: number; last: number }>(
      url,
      'select count(*)::int as rows, max(id) as last from row',
    )
    expect(rows).toBe(last)
    expect(last).toBeGreaterThanOrEqual(writer.acknowledged())
    await stop()
  }
})

const serversOf = async (ownerPid: number) =>
  (await processesOf(ownerPid)).filter(({ command }) => !command.startsWith('/bin/sh'))

const endings: { title: string; end: (writer: Writer) => Promise<void> }[] = [
  { title: 'a kill -9 of the process', end: (writer) => writer.kill('SIGKILL') },
  { title: 'a SIGTERM that the process does not handle', end: (writer) => writer.kill('SIGTERM') },
  {
    title: 'a kill -9 of the process and of the shell that guards the server',
    async end(writer) {
      process.kill(await shellOf(writer.pid), 'SIGKILL')
      await writer.kill('SIGKILL')
    },
  },
]

for (const { title, end } of endings)
  test(`no server runs three seconds after ${title}`, async () => {
    const writer = await startWriter({ dataDir: await scratchFolder() })
    await writing(writer, 10)
    await end(writer)
    await vi.waitFor(async () => expect(await serversOf(writer.pid)).toEqual([]), { timeout: 3_000 })
  })

test('a server that nobody guards any more is ended by the next start', async () => {
  const dataDir = await scratchFolder()
  const writer = await startWriter({ dataDir })
  await writing(writer, 10)
  const processes = await processesOf(writer.pid)
  process.kill(writer.pid, 'SIGSTOP')
  for (const { pid, command } of processes) if (command.startsWith('/bin/sh')) process.kill(pid, 'SIGKILL')
  await writer.kill('SIGKILL')
  const { url } = await start({ dataDir })
  expect(await ask(url, 'select min(id) as first from row')).toEqual({ first: 1 })
})

const losses = [
  { title: 'its server was killed', victim: (pid: number) => pid },
  { title: 'the shell that guards its server was killed', victim: () => shellOf(process.pid) },
]

for (const { title, victim } of losses)
  test(`a cluster is back on its URL within five seconds after ${title}`, async () => {
    const lost = vi.fn()
    const cluster = await start({ dataDir: await scratchFolder(), onExit: lost })
    const { url, pid } = cluster
    await ask(url, 'create table row as select 7 as id')
    // A statement that does not notice the death of its server must not keep the next one from starting.
    const busy = expect(ask(url, 'select sum(i) from generate_series(1, 1e12) i')).rejects.toThrow()
    process.kill(await victim(pid), 'SIGKILL')
    await vi.waitFor(async () => expect(cluster.pid).not.toBe(pid), { timeout: 5_000 })
    expect(await ask(url, 'select id from row')).toEqual({ id: 7 })
    expect(cluster.url).toBe(url)
    expect(lost).not.toHaveBeenCalled()
    await busy
  })

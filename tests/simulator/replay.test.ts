import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { machineClock } from '../../src/clock/machine.ts'
import { startReplay } from '../../src/simulator/server.ts'
import { recordInto } from '../../src/simulator/transcript/recorder.ts'
import type { Divergence } from '../../src/simulator/transcript/replay.ts'
import { readTranscript } from '../../src/simulator/transcript/transcript.ts'
import { simulatorFor } from '../support/simulator.ts'
import { connected, type LibraryClient, SPY } from './libraryClient.ts'

const END = '20240603-15:00:00'

/** What a client does in the session that is recorded; `symbol` is what another one does otherwise. */
async function session(port: number): Promise<LibraryClient> {
  const client = await connected(port)
  await client.ask((ib) => ib.reqContractDetails(3, SPY), 'contractDetailsEnd', 3)
  client.ib.reqHistoricalData(4, SPY, END, '60 S', '1 secs' as never, 'TRADES' as never, 1, 2, false)
  await client.ask((ib) => ib.reqPositions(), 'positionEnd')
  await client.seen('historicalData', 4)
  await client.ask((ib) => ib.reqContractDetails(5, { ...(SPY as object), symbol: '?' } as never), 'error')
  return client
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'transcript-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

/** A recorded session, its file and what the client decoded. */
async function recorded() {
  const file = join(await folder(), 'session.jsonl')
  const recorder = await recordInto(file, machineClock, (fault) => expect.fail(fault.message))
  const simulator = await simulatorFor({ recorder })
  const client = await session(simulator.port)
  client.ib.disconnect()
  await simulator.close()
  await recorder.close()
  return { file, decoded: client.events.map(String) }
}

async function replayOf(file: string) {
  const divergences: Divergence[] = []
  const replay = await startReplay({
    host: '127.0.0.1',
    port: 0,
    transcript: await readTranscript(file),
    onDivergence: (divergence) => divergences.push(divergence),
  })
  onTestFinished(() => replay.close())
  return { ...replay, divergences }
}

test('a client that does again what was recorded is told again what it was told', async () => {
  const { file, decoded } = await recorded()
  const { port, divergences } = await replayOf(file)
  const again = (await session(port)).events.map(String)
  expect(again.slice().sort()).toEqual(decoded.filter((event) => !event.startsWith('disconnected')).sort())
  expect(again.filter((event) => event.startsWith('historicalData'))).toHaveLength(
    decoded.filter((event) => event.startsWith('historicalData')).length,
  )
  expect(divergences).toEqual([])
})

test('what was not recorded is reported with the line that was expected, and so is what is left out', async () => {
  const { file } = await recorded()
  const lines = (await readFile(file, 'utf8')).split('\n')
  const lineOf = (start: string) =>
    lines.findIndex((line) => line.includes(`"client","fields":["${start}"`)) + 1
  const { port, divergences } = await replayOf(file)
  const client = await connected(port)
  client.ib.reqMarketRule(26)
  await client.ask((ib) => ib.reqContractDetails(3, SPY), 'contractDetailsEnd', 3)
  client.ib.disconnect()
  await expect.poll(() => divergences.length).toBe(2)
  expect(divergences).toMatchObject([
    { connection: 1, line: lineOf('9'), got: ['91', '26'] },
    { connection: 1, line: lineOf('20'), got: null },
  ])
})

test('a connection more than were recorded is told nothing', async () => {
  const { file } = await recorded()
  const { port, divergences } = await replayOf(file)
  await session(port)
  await expect(connected(port, 2)).rejects.toThrow('no nextValidId')
  expect(divergences[0]).toMatchObject({ connection: 2, line: null, expected: null })
})

test('a line that is none is named', async () => {
  const { file } = await recorded()
  const { appendFile } = await import('node:fs/promises')
  await appendFile(file, '{"connection":0}\n')
  const count = (await readFile(file, 'utf8')).trimEnd().split('\n').length
  await expect(readTranscript(file)).rejects.toThrow(`session.jsonl:${count} is no line of a transcript`)
})

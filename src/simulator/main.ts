import { machineClock } from '../clock/machine.ts'
import { steerableClock } from '../clock/steerable.ts'
import type { World } from '../clock/world.ts'
import { messageOf } from '../errors.ts'
import { createLog, type Log } from '../log.ts'
import { type Clock, isoInstant } from '../market/time.ts'
import { type Account, emptyAccount, PAPER_ACCOUNT } from './account.ts'
import { readAccounts } from './accounts/file.ts'
import { readDocument } from './document.ts'
import { SCENARIO_SCHEMA } from './faults/scenario.ts'
import type { MarketSource } from './market.ts'
import { openMarket } from './openMarket.ts'
import { readSettings, type Settings } from './options.ts'
import { type Simulator, startReplay, startSimulator } from './server.ts'
import { type FileRecorder, recordInto } from './transcript/recorder.ts'
import { readTranscript } from './transcript/transcript.ts'

const HOST = '127.0.0.1'

async function run(settings: Settings): Promise<void> {
  const market = await openMarket(settings)
  const world = worldOf(settings, market)
  const anchor = machineClock.now()
  const clock = steerableClock(machineClock, { world, anchor, isPaused: false })
  const accounts = await accountsOf(settings, clock.now())
  const log = createLog(settings.logLevel)
  const recorder = await recorderOf(settings, clock, log)
  const { port, switches, calendar } = settings
  const scenario = settings.scenario && (await readDocument(settings.scenario, SCENARIO_SCHEMA))
  const simulator = await startSimulator({
    ...{ host: HOST, port, market, world, anchor, clock, hands: clock, machine: machineClock },
    ...{ accounts, switches, calendar, log },
    ...(scenario && { scenario }),
    ...(recorder && { recorder }),
  })
  process.stdout.write(banner(simulator, world, accounts))
  stopOnSignals(() => stopped(simulator, recorder))
}

const worldOf = ({ start, speed, seed, tape }: Settings, market: MarketSource): World => ({
  ...{ start: start ?? market.defaultStart(machineClock.now()), speed, seed, tape: market.hash },
  skip: start === undefined && tape.length === 0 ? 'rth' : null,
})

async function accountsOf(
  settings: Settings,
  start: Parameters<typeof readAccounts>[1],
): Promise<readonly Account[]> {
  if (settings.accounts !== undefined) return readAccounts(settings.accounts, start)
  return settings.accountIds?.map(emptyAccount) ?? [PAPER_ACCOUNT]
}

async function recorderOf({ record }: Settings, clock: Clock, log: Log): Promise<FileRecorder | null> {
  if (record === undefined) return null
  return recordInto(record, clock, (err) => log.error({ err }, 'the transcript cannot be written any more'))
}

const banner = ({ port }: Simulator, { start, speed, tape }: World, accounts: readonly Account[]): string =>
  `A simulated TWS listens on ${HOST}:${port} (${accountText(accounts)}, no real market).
Market: ${tape.startsWith('generated') ? tape : `tape ${tape}`}, from ${isoInstant(start)} at ${speed} times real speed.
Try:    curl -s http://${HOST}:${port}/status
        or open http://${HOST}:${port} in a browser
        or connect any TWS API client to port ${port}, for instance IB().connect('${HOST}', ${port}, clientId=1)
Stop:   Ctrl-C
`

const accountText = (accounts: readonly Account[]): string =>
  `${accounts.every(({ id }) => id.startsWith('D')) ? 'paper ' : ''}account ${accounts.map(({ id }) => id).join(', ')}`

async function stopped(simulator: Simulator, recorder: FileRecorder | null): Promise<void> {
  await simulator.close()
  await recorder?.close()
}

function stopOnSignals(stop: () => Promise<void>): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop())
}

/** Serves a transcript: each difference from the recorded client is told. */
async function runReplay(file: string, port: number): Promise<void> {
  const transcript = await readTranscript(file)
  const replay = await startReplay({
    ...{ host: HOST, port, transcript },
    onDivergence: (divergence) => process.stdout.write(`${JSON.stringify(divergence)}\n`),
  })
  process.stdout.write(`The transcript ${file} is served: it listens on ${HOST}:${replay.port}.\n`)
  stopOnSignals(() => replay.close())
}

try {
  const settings = readSettings(process.argv, process.env)
  if (settings.replay === undefined) await run(settings)
  else await runReplay(settings.replay, settings.port)
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 1
}

import { readFileSync } from 'node:fs'
import { machineClock } from './clock/machine.ts'
import { readConfig } from './config.ts'
import { AppError, messageOf } from './errors.ts'
import { createLog } from './log.ts'
import { floorTo, isoInstant, SECOND_MS } from './market/time.ts'
import { type Service, startService } from './service.ts'

/** Past this a stop is forced: Docker and people wait no longer. */
const STOP_DEADLINE_MS = 5_000

const version = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const log = createLog(config.logLevel)
  const starting = startService(config, version, log)
  stopOnSignals(starting)
  const service = await starting
  process.stdout.write(`${banner(service, config.symbols[0]!)}\n`)
}

function banner({ url, tokenPath, database, market }: Service, symbol: string): string {
  const now = isoInstant(floorTo(market.clock.now(), SECOND_MS))
  return [
    '',
    `ibkr-pivot-engine ${version}`,
    `  API       ${url}  (documentation: ${url}/docs)`,
    `  token     ${tokenPath}`,
    `  database  ${database}`,
    `  market    ${market.simulated ? `simulated, ${market.speed} x real time, now ${now}` : 'real'}`,
    `  TWS       ${market.tws.host}:${market.tws.port}`,
    '',
    'Try:',
    `  curl '${url}/v1/bars?symbol=${symbol}&from=${now}&limit=3'   (live, in some seconds)`,
    `  curl '${url}/v1/candles?symbol=${symbol}&size=5m&limit=3'`,
    `  curl '${url}/v1/backfills'`,
    `  curl '${url}/v1/gateway'`,
    'Stop: Ctrl-C',
    '',
  ].join('\n')
}

function stopOnSignals(starting: Promise<Service>): void {
  const stop = async (): Promise<void> => {
    const disarm = machineClock.after(STOP_DEADLINE_MS, () => process.exit(1))
    const service = await starting.catch(() => null)
    await service?.stop()
    disarm()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop())
}

/** What a person can mend is one sentence, with a line for each wrong input; a defect shows where it lies. */
function tell(error: unknown): string {
  if (error instanceof AppError) {
    return [messageOf(error), ...error.issues.map(({ path, message }) => `  ${path}: ${message}`)].join('\n')
  }
  const isOfTheSystem = error instanceof Error && 'syscall' in error
  return isOfTheSystem
    ? `The service cannot start: ${error.message}`
    : String((error as Error)?.stack ?? error)
}

main().catch((error: unknown) => {
  process.stderr.write(`${tell(error)}\n`)
  process.exit(1)
})

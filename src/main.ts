import { readFileSync } from 'node:fs'
import { machineClock } from './clock/machine.ts'
import { type Config, readConfig } from './config.ts'
import { AppError, messageOf } from './errors.ts'
import { createLog } from './log.ts'
import { floorTo, isoInstant, SECOND_MS } from './market/time.ts'
import type { Trader } from './ports/traders.ts'
import { type Service, startService } from './service.ts'

/** Past this a stop is forced: Docker and people wait no longer. */
const STOP_DEADLINE_MS = 5_000

const version = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version

async function main(): Promise<void> {
  // Whatever a library makes of a hostile key: no object gets a property that nobody gave it.
  Object.freeze(Object.prototype)
  const config = readConfig(process.env)
  const log = createLog(config.logLevel)
  const starting = startService(config, version, log)
  stopOnSignals(starting)
  const service = await starting
  process.stdout.write(`${banner(service, config)}\n`)
}

function banner({ url, tokenPath, database, market, trader }: Service, config: Config): string {
  const [symbol] = config.symbols
  const now = isoInstant(floorTo(market.clock.now(), SECOND_MS))
  return [
    '',
    `ibkr-pivot-engine ${version}`,
    `  API       ${url}  (documentation: ${url}/docs)`,
    `  token     ${tokenPath}`,
    `  database  ${database}`,
    `  market    ${market.simulated ? `simulated, ${market.speed} x real time, now ${now}` : 'real'}`,
    `  TWS       ${market.tws.host}:${market.tws.port}`,
    `  trader    ${traderLine(trader, config)}`,
    '',
    'Try:',
    `  curl '${url}/v1/bars?symbol=${symbol}&from=${now}&limit=3'   (live, in some seconds)`,
    `  curl '${url}/v1/candles?symbol=${symbol}&size=5m&limit=3'`,
    `  curl '${url}/v1/backfills'`,
    `  curl '${url}/v1/gateway'`,
    `  curl '${url}/v1/trader'`,
    'Stop: Ctrl-C',
    '',
  ].join('\n')
}

/** Whether it trades, what, and where that was decided. */
function traderLine({ level, settings, reason }: Trader, { trading, traderConfig, gateway }: Config): string {
  const { symbol, size, sizing } = settings
  if (trading.kind === 'off') return 'off (TRADING)'
  const quantity =
    sizing.kind === 'shares' ? `${sizing.shares} shares` : `${100 * sizing.fraction} % of the equity`
  const money = trading.kind === 'live' ? `the live account ${trading.account}` : 'a paper account'
  const isDemo = gateway === 'simulator' && traderConfig === null && size === '1m'
  const demo = isDemo ? '; one-minute candles for the demo, TRADER_CONFIG sets others' : ''
  const state = level === 'active' ? 'warming up, then active' : `${level}${reason ? `: ${reason}` : ''}`
  return `${state}; ${symbol}, ${size} candles, ${quantity}, ${money}${demo}`
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

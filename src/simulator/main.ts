import { Command, InvalidArgumentError, Option } from 'commander'
import { machineClock } from '../clock/machine.ts'
import { simulatedClock } from '../clock/simulated.ts'
import { timeline, type World } from '../clock/world.ts'
import { messageOf } from '../errors.ts'
import { createLog } from '../log.ts'
import { type EpochMs, isoInstant, parseInstant } from '../market/time.ts'
import { openMarket } from './openMarket.ts'
import { type Simulator, startSimulator } from './server.ts'

interface Settings {
  readonly port: number
  readonly tape: readonly string[]
  readonly start?: EpochMs
  readonly speed: number
  readonly seed: number
  readonly logLevel: string
}

const HOST = '127.0.0.1'

const number = (name: string, isGood: (value: number) => boolean) => (text: string) => {
  const value = Number(text)
  if (text.trim() === '' || !isGood(value)) throw new InvalidArgumentError(`${text} is no ${name}.`)
  return value
}

const instant = (text: string): EpochMs => {
  try {
    return parseInstant(text)
  } catch {
    throw new InvalidArgumentError('It is an instant like 2013-10-09T14:00:00Z.')
  }
}

const files = (text: string): string[] => text.split(',').filter((file) => file !== '')

const isPort = (value: number) => Number.isInteger(value) && value >= 0 && value < 65_536

const command = new Command('simulator')
  .description(
    'A TWS of your own: any TWS API client can connect to it. It has no real market and no real money.',
  )
  .addOption(
    new Option('--port <port>', 'TCP port on loopback, 0 for any free one')
      .env('SIM_PORT')
      .default(4002)
      .argParser(number('port', isPort)),
  )
  .addOption(
    new Option('--tape <files>', 'CSV files named SYMBOL-SIZE-….csv[.gz] to replay, with commas between them')
      .env('SIM_TAPE')
      .default([], 'a generated market')
      .argParser(files),
  )
  .addOption(
    new Option(
      '--start <instant>',
      'market time at the start: one hour after the open of the last day when left out',
    )
      .env('SIM_START')
      .argParser(instant),
  )
  .addOption(
    new Option('--speed <factor>', 'market seconds per real second')
      .env('SIM_SPEED')
      .default(10)
      .argParser(number('speed', (value) => value > 0 && value <= 10_000)),
  )
  .addOption(
    new Option('--seed <seed>', "the generator's seed")
      .env('SIM_SEED')
      .default(1)
      .argParser(number('seed', Number.isSafeInteger)),
  )
  .addOption(
    new Option('--log-level <level>', 'how much to log')
      .env('LOG_LEVEL')
      .default('warn')
      .choices(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
  )

async function run(settings: Settings): Promise<void> {
  const market = await openMarket(settings)
  const anchor = machineClock.now()
  const world: World = {
    start: settings.start ?? market.defaultStart(anchor),
    speed: settings.speed,
    seed: settings.seed,
    tape: market.hash,
    skip: settings.start === undefined && settings.tape.length === 0 ? 'rth' : null,
  }
  const clock = simulatedClock(machineClock, timeline(world), anchor)
  const log = createLog(settings.logLevel)
  const { port } = settings
  const simulator = await startSimulator({
    host: HOST,
    port,
    market,
    world,
    anchor,
    clock,
    machine: machineClock,
    log,
  })
  print(simulator, world)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.close())
}

function print({ port }: Simulator, { start, speed, tape }: World): void {
  process.stdout.write(`A simulated TWS listens on ${HOST}:${port} (paper account DU1234567, no real market).
Market: ${tape === 'generated' ? 'generated' : `tape ${tape}`}, from ${isoInstant(start)} at ${speed} times real speed.
Try:    curl -s http://${HOST}:${port}/status
        or connect any TWS API client to port ${port}, for instance IB().connect('${HOST}', ${port}, clientId=1)
Stop:   Ctrl-C
`)
}

try {
  await run(command.parse().opts<Settings>())
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 1
}

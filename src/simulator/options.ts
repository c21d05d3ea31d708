import { Command, Option } from 'commander'
import { invalid } from '../errors.ts'
import type { EpochMs } from '../market/time.ts'
import { nearest } from '../nearest.ts'
import { type Calendar, NO_CALENDAR } from './calendar.ts'
import { MAX_SPEED } from './control/clock.ts'
import * as read from './optionValues.ts'
import type { Split } from './splits.ts'
import { DEFAULT_SWITCHES, type Switches } from './switches.ts'

/** What the command line and the environment say. */
export interface Settings {
  readonly port: number
  readonly tape: readonly string[]
  readonly start?: EpochMs
  readonly speed: number
  readonly seed: number
  readonly trend: number
  readonly volatility: number
  readonly halts: number
  readonly badPrints: number
  readonly splits: readonly Split[]
  /** A file. */
  readonly accounts?: string
  readonly accountIds?: readonly string[]
  readonly switches: Partial<Switches>
  readonly calendar: Calendar
  /** Files. */
  readonly scenario?: string
  readonly record?: string
  readonly replay?: string
  readonly logLevel: string
}

/** Reads what the program was called with. Ends the process on `--help`, and on what is no option. */
export function readSettings(argv: readonly string[], env: NodeJS.ProcessEnv): Settings {
  const command = simulatorCommand()
  refuseUnknownNames(env, command)
  return command.parse(argv).opts<Settings>()
}

const simulatorCommand = (): Command =>
  options()
    .reduce((command, option) => command.addOption(option), new Command('simulator'))
    .description(
      'A TWS of your own: any TWS API client can connect to it. It has no real market and no real money.',
    )
    .addHelpText('after', () => `\n${switchesHelp()}`)

function switchesHelp(): string {
  const lines = Object.entries(DEFAULT_SWITCHES).map(([name, value]) => `  ${name}=${value}`)
  return ['Switches, as they stand when nothing is said (docs/simulator.md):', ...lines].join('\n')
}

/** Names of the service's own that may stand in the same environment. */
const OF_THE_SERVICE = ['SIM_ATTACH']

function refuseUnknownNames(env: NodeJS.ProcessEnv, command: Command): void {
  const known = [...command.options.flatMap(({ envVar }) => envVar ?? []), ...OF_THE_SERVICE]
  const unknown = Object.keys(env).filter((name) => name.startsWith('SIM_') && !known.includes(name))
  if (unknown.length === 0) return
  throw invalid(
    unknown.map((name) => `${name} is not known; did you mean ${nearest(name, known)}?`).join('\n'),
  )
}

const isPort = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < 65_536
const isAtLeastZero = (value: number): boolean => value >= 0 && value < 1_000

/** Made anew for each reading: commander keeps in them what it has read. */
const options = (): readonly Option[] => [
  new Option('--port <port>', 'TCP port on loopback, 0 for any free one')
    .env('SIM_PORT')
    .default(4002)
    .argParser(read.number('port', isPort)),
  new Option('--tape <files>', 'CSV files named SYMBOL-SIZE-….csv[.gz] to replay, with commas between them')
    .env('SIM_TAPE')
    .default([], 'a generated market')
    .conflicts(NOT_OF_A_TAPE)
    .argParser(read.list),
  new Option('--start <instant>', 'market time at the start: an hour into the last day when left out')
    .env('SIM_START')
    .argParser(read.instant),
  new Option('--speed <factor>', 'market seconds per real second')
    .env('SIM_SPEED')
    .default(10)
    .argParser(read.number('speed', (value) => value > 0 && value <= MAX_SPEED)),
  ...generatorOptions(),
  new Option('--accounts <file>', 'YAML or JSON: accounts with cash, positions, executions and orders')
    .env('SIM_ACCOUNTS')
    .conflicts('accountIds'),
  new Option(
    '--account-ids <ids>',
    'accounts with nothing but cash, with commas; U1234567 looks like real money',
  )
    .env('SIM_ACCOUNT_IDS')
    .argParser(read.accountIds),
  new Option('--switches <values>', 'what IB leaves open, as name=value with commas; listed below')
    .env('SIM_SWITCHES')
    .default({}, 'as listed')
    .argParser(read.switches),
  new Option(
    '--calendar <parts>',
    'nightly (a restart at 23:45 New York), weekly (a logout on Sunday) or both',
  )
    .env('SIM_CALENDAR')
    .default(NO_CALENDAR, 'neither')
    .argParser(read.calendar),
  ...fileOptions(),
  new Option('--log-level <level>', 'how much to log')
    .env('LOG_LEVEL')
    .default('warn')
    .choices(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
]

const generatorOptions = (): readonly Option[] => [
  new Option('--seed <seed>', "the generator's seed")
    .env('SIM_SEED')
    .default(1)
    .argParser(read.number('seed', Number.isSafeInteger)),
  new Option('--trend <rate>', 'the generated market rises by about this a year: 0.1 is 10 %')
    .env('SIM_TREND')
    .default(0)
    .argParser(read.number('trend', (value) => Math.abs(value) <= 5)),
  new Option('--volatility <factor>', 'how much wilder than usual the generated market is')
    .env('SIM_VOLATILITY')
    .default(1)
    .argParser(read.number('volatility', (value) => value > 0 && value <= 20)),
  new Option('--halts <count>', 'mean number of halts in a generated session')
    .env('SIM_HALTS')
    .default(0)
    .argParser(read.number('halts', isAtLeastZero)),
  new Option('--bad-prints <count>', 'mean number of bad prints in a generated session')
    .env('SIM_BAD_PRINTS')
    .default(0)
    .argParser(read.number('bad prints', isAtLeastZero)),
  new Option('--splits <splits>', 'splits of the generated market, as AAPL:2024-06-10:4 with commas')
    .env('SIM_SPLITS')
    .default([], 'none')
    .argParser(read.splits),
]

/** A tape's prices are what they are. */
const NOT_OF_A_TAPE = ['seed', 'trend', 'volatility', 'halts', 'badPrints', 'splits']

/** A transcript has neither market nor accounts, and nothing goes wrong in it but what was recorded. */
const NOT_OF_A_TRANSCRIPT = [
  ...['tape', 'start', 'switches', 'calendar'],
  ...['record', 'scenario', 'accounts', 'accountIds'],
]

const fileOptions = (): readonly Option[] => [
  new Option('--scenario <file>', 'YAML or JSON: what goes wrong, and when').env('SIM_SCENARIO'),
  new Option('--record <file>', 'writes what clients and server say into this transcript').env('SIM_RECORD'),
  new Option('--replay <file>', 'serves this transcript instead of a market')
    .env('SIM_REPLAY')
    .conflicts(NOT_OF_A_TRANSCRIPT),
]

import { basename } from 'node:path'
import { Command, Option } from 'commander'
import { drawBacktest } from '../openapi/backtestPictures.ts'
import { newBacktest } from '../openapi/backtestRequest.ts'
import { type InputFault, readBody, readQuery } from '../openapi/read.ts'
import { refused } from './errors.ts'
import type { ImportSize } from './imports/barLine.ts'
import { parseInstant } from './market/time.ts'
import type { BacktestOrder, PictureOptions } from './ports/backtests.ts'

/** What the command line says, as texts; numbers are read by the contract. */
export interface CommandLine {
  readonly csv: readonly string[]
  readonly symbol?: string
  readonly base?: string
  readonly from?: string
  readonly to?: string
  readonly tick: string
  readonly chart?: string
  readonly png?: string
  readonly report?: string
  readonly theme: string
  readonly width?: string
  readonly height?: string
  readonly json?: true
  readonly [name: string]: unknown
}

const EXAMPLES = `
Examples:
  npm run backtest -- --csv SPY-1s-20131007.csv.gz --size 5m --left 3 --chart out.svg
  npm run backtest -- --csv SPY-1h.csv.gz --base 1h --size 1h --align clock --session all --json

Files have the header time,open,high,low,close,volume[,vwap[,tradeCount]] and times in ISO 8601 with a zone. Named
SYMBOL-SIZE-….csv they tell their symbol and the size of their bars. Fields of strategy and execution are explained
in the documentation of POST /v1/backtests.`

/** Reads what the program was called with. Ends the process on `--help`, and on what is no option. */
export const readCommandLine = (argv: readonly string[]): CommandLine =>
  command().parse(argv).opts<CommandLine>()

const several = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

const command = (): Command =>
  new Command('npm run backtest --')
    .description('Runs a backtest on files of bars, without a service or database.')
    .requiredOption('--csv <file>', 'bars, also gzipped; may be given several times', several)
    .option('--symbol <symbol>', "default: the file's")
    .option('--base <size>', "size of the files' bars: 1s, 1m, 1h or 1d (default: the file's)")
    .option('--from <instant>', 'first instant (default: the first bar)')
    .option('--to <instant>', 'first instant after the range (default: after the last bar)')
    .option('--size <size>', 'size of the candles (default: 5m)')
    .option('--session <session>', 'rth or all (default: rth)')
    .option('--align <alignment>', 'session or clock (default: session)')
    .option('--preset <name>', 'default, or seed: the original engine')
    .option('--left <candles>', 'that a swing beats before it (default: 3)')
    .option('--right <candles>', 'that a swing beats after it (default: 3)')
    .option('--ties <rule>', 'strict, last or any (default: strict)')
    .option('--ma <kind>', 'sma or ema (default: sma)')
    .option('--length <candles>', 'of the moving average (default: 50)')
    .option('--trigger <kind>', 'level or cross (default: level)')
    .option('--stop <kind>', 'ratchet or latest (default: ratchet)')
    .option('--guard', 'enter only above a known swing low (default)')
    .option('--no-guard', 'enter also without')
    .option('--protective-stop-pct <percent>', 'a resting stop so far below the entry')
    .option('--fill <kind>', 'open, close or second (default: open)')
    .option('--latency-ms <ms>', 'from the close to the broker, for fills on seconds')
    .option('--slippage-ticks <ticks>', 'against every market order')
    .option('--slippage-bps <points>', 'against every market order')
    .option('--commission <plan>', 'none, ibkr-fixed or ibkr-tiered (default: none)')
    .addOption(new Option('--shares <count>', 'buy so many').conflicts('fraction'))
    .option('--fraction <part>', 'buy for this part of the equity (default: 1)')
    .option('--initial-cash <money>', 'to begin with (default: 100000)')
    .option('--tick <money>', 'smallest price step', '0.01')
    .option('--chart <file>', 'write the chart as SVG')
    .option('--png <file>', 'write the chart as PNG')
    .option('--report <file>', 'write the report as HTML')
    .option('--theme <theme>', 'of the charts: light or dark', 'light')
    .option('--width <pixels>', 'of the charts')
    .option('--height <pixels>', 'of the charts')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', EXAMPLES)

/** `SPY-1s-20131007.csv.gz`. */
const NAME = /^(?<symbol>[A-Z][A-Z0-9.]*)-(?<base>1s|1m|1h|1d)\b/

/** What the files are: as the command line says, or as they are named. */
export function sourceOf({ csv, symbol, base }: CommandLine): { symbol: string; base: ImportSize } {
  const found = base ?? namedAlike(csv, 'base')
  if (found === '1s' || found === '1m' || found === '1h' || found === '1d') {
    return { symbol: symbol ?? namedAlike(csv, 'symbol') ?? 'BARS', base: found }
  }
  throw refused(`--base: the size of the bars in ${basename(csv[0]!)} must be one of 1s, 1m, 1h and 1d`)
}

/** What all files are named after. Bars of two symbols or sizes would make one series that never was. */
function namedAlike(csv: readonly string[], part: 'symbol' | 'base'): string | undefined {
  const names = csv.flatMap((path) => NAME.exec(basename(path))?.groups?.[part] ?? [])
  const different = [...new Set(names)]
  if (different.length <= 1) return different[0]
  throw refused(`--${part}: a run has one, and the files are named after ${different.join(' and ')}`)
}

const STRATEGY = [
  'preset',
  'left',
  'right',
  'ties',
  'ma',
  'length',
  'trigger',
  'stop',
  'guard',
  'protectiveStopPct',
]
const EXECUTION = ['fill', 'latencyMs', 'slippageTicks', 'slippageBps', 'commission']
const NUMBERS = [
  'left',
  'right',
  'length',
  'protectiveStopPct',
  'latencyMs',
  'slippageTicks',
  'slippageBps',
  'initialCash',
]

/** The order in the words of the contract. Refuses what the contract does not take, naming the options. */
export function orderOf(
  line: CommandLine,
  source: { symbol: string; base: string; from: string; to: string },
): BacktestOrder {
  const { from = source.from, to = source.to } = line
  const reading = readBody(newBacktest, {
    ...{ symbol: source.symbol, base: source.base, from, to },
    ...chosen(line, ['size', 'session', 'align', 'initialCash']),
    strategy: chosen(line, STRATEGY),
    execution: chosen(line, EXECUTION),
    ...sizingOf(line),
  })
  if (!reading.ok) throw refused(toldOf(reading.faults))
  const { value } = reading
  return { ...value, from: parseInstant(value.from), to: parseInstant(value.to) }
}

function chosen(line: CommandLine, names: readonly string[]): Record<string, unknown> {
  const given = names.filter((name) => line[name] !== undefined)
  return Object.fromEntries(
    given.map((name) => [name, NUMBERS.includes(name) ? numberOf(String(line[name])) : line[name]]),
  )
}

/** An empty text is no number, and not 0. */
const numberOf = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text))

function sizingOf({ shares, fraction }: CommandLine) {
  if (shares !== undefined) return { sizing: { kind: 'shares', shares: numberOf(String(shares)) } }
  return fraction === undefined ? {} : { sizing: { kind: 'fraction', fraction: numberOf(String(fraction)) } }
}

/** How the pictures shall look, read by the contract of the routes that draw them. */
export function pictureLookOf({ theme, width, height }: CommandLine): Omit<PictureOptions, 'kind'> {
  const given = new URLSearchParams({ theme, ...(width ? { width } : {}), ...(height ? { height } : {}) })
  const reading = readQuery(drawBacktest.query, given)
  if (!reading.ok) throw refused(toldOf(reading.faults))
  return reading.value
}

/** A line for each fault, naming the option. */
export const toldOf = (faults: readonly InputFault[]): string =>
  faults.map(({ path, message }) => `${optionOf(path)}: ${message}`).join('\n')

/** `--protective-stop-pct` of `/strategy/protectiveStopPct`. */
const optionOf = (pointer: string): string =>
  `--${pointer
    .split('/')
    .at(-1)!
    .replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`

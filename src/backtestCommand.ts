import { writeFile } from 'node:fs/promises'
import type { BacktestOutcome } from './backtest/outcome.ts'
import {
  type CommandLine,
  orderOf,
  pictureLookOf,
  readCommandLine,
  sourceOf,
  toldOf,
} from './backtestCommandLine.ts'
import { summaryOf } from './backtestSummary.ts'
import { machineClock } from './clock/machine.ts'
import { AppError, messageOf, refused } from './errors.ts'
import type { ImportSize } from './imports/barLine.ts'
import { barSizeMs } from './market/barSize.ts'
import { DEFAULT_PRICE_SCALE, type Instrument } from './market/instrument.ts'
import type { BarSeries } from './market/series.ts'
import { earlier, isoInstant, later, plus, type TimeRange } from './market/time.ts'
import type { PictureOptions } from './ports/backtests.ts'
import { ProgressLine } from './progressLine.ts'
import { checkFeasible } from './research/admission.ts'
import { columnsOf, csvBars } from './research/csvFiles.ts'
import { readJob } from './research/job.ts'
import { filledRequest } from './research/request.ts'
import { shownRequest, shownResult, shownTrade } from './sweep/answer.ts'
import { picture } from './sweep/drawing.ts'
import { type BacktestJob, runJob } from './sweep/run.ts'

/** A backtest on files, with the code of the service: the same request on the same bars gives the same result. */
async function run(line: CommandLine, progress: ProgressLine): Promise<void> {
  const pictures = picturesOf(line)
  const job = await jobOf(line, progress)
  const outcome = runJob(job, (done, total) => progress.tell(`${done} of ${total} candles`))
  progress.end()
  for (const [path, options] of pictures) await draw(path, options, job, outcome)
  process.stdout.write(
    line.json ? `${JSON.stringify(answerOf(job, outcome), null, 2)}\n` : summaryOf(job, outcome),
  )
}

async function jobOf(line: CommandLine, progress: ProgressLine): Promise<BacktestJob> {
  const { symbol, base } = sourceOf(line)
  const now = machineClock.now()
  const onRead = (count: number) => progress.tell(`${count} bars read`)
  const { bars, leftOut } = await csvBars(line.csv, { size: base, now, onRead })
  if (bars.length === 0) throw refused('The files hold no bars.')
  const span = spanOf(bars, base)
  if (line.to === undefined && Date.parse(line.from ?? '') >= span.to) throw outside(span)
  const request = filledRequest(
    orderOf(line, { symbol, base, from: isoInstant(span.from), to: isoInstant(span.to) }),
  )
  const window = { from: later(span.from, request.from), to: earlier(span.to, request.to) }
  if (window.from >= window.to) throw outside(span)
  checkFeasible(request, window)
  const warnings = leftOut === 0 ? [] : [leftOutWarning(leftOut)]
  return readJob({ bars: columnsOf(bars, base) }, request, instrumentOf(symbol, line.tick), { now, warnings })
}

const leftOutWarning = (lines: number): string =>
  `${lines} ${lines === 1 ? 'line was' : 'lines were'} left out: doubled times, or values that cannot be`

const outside = ({ from, to }: TimeRange): AppError =>
  refused(`--from: the bars reach from ${isoInstant(from)} to ${isoInstant(to)} only`)

const spanOf = (bars: BarSeries, base: ImportSize): TimeRange => ({
  from: bars.at(0).time,
  to: plus(bars.at(bars.length - 1).time, barSizeMs(base)),
})

function instrumentOf(symbol: string, tick: string): Instrument {
  const minTick = Number(tick)
  if (!(minTick > 0)) throw refused('--tick: must be a number above 0')
  const nobody = { id: 0, conId: 0, exchange: '', primaryExchange: '', currency: '', tracked: false }
  return { ...nobody, symbol, minTick, priceScale: DEFAULT_PRICE_SCALE }
}

const answerOf = ({ request, dataVersion, warnings }: BacktestJob, outcome: BacktestOutcome) => ({
  request: shownRequest(request),
  ...shownResult(outcome, dataVersion, warnings),
  trades: outcome.trades.map(shownTrade),
})

function picturesOf(line: CommandLine): [path: string, PictureOptions][] {
  const look = pictureLookOf(line)
  const { chart: svg, png, report } = line
  return Object.entries({ svg, png, report }).flatMap(([kind, path]) =>
    path === undefined ? [] : [[path, { ...look, kind: kind as PictureOptions['kind'] }]],
  )
}

async function draw(
  path: string,
  options: PictureOptions,
  { request, dataVersion, warnings }: BacktestJob,
  outcome: BacktestOutcome,
): Promise<void> {
  const told = { ...outcome, warnings: [...warnings, ...outcome.warnings] }
  const bytes = await picture({ request, dataVersion, outcome: told }, options)
  if (bytes === null) throw refused('--png: @resvg/resvg-js is not installed for this platform; use --chart')
  await writeFile(path, bytes)
}

/** What a person can mend is told by the options; a defect shows where it lies. */
function tell(error: unknown): string {
  const isOfTheSystem = error instanceof Error && 'syscall' in error
  if (!(error instanceof AppError))
    return isOfTheSystem ? messageOf(error) : String((error as Error)?.stack ?? error)
  if (error.issues.length === 0) return messageOf(error)
  return toldOf(error.issues)
}

const progress = new ProgressLine(machineClock, (text) => process.stderr.write(text))
try {
  await run(readCommandLine(process.argv), progress)
} catch (error) {
  progress.end()
  process.stderr.write(`${tell(error)}\n`)
  process.exitCode = 1
}

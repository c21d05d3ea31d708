import { Command } from 'commander'
import { Footprint } from './footprint.ts'
import { PLANTS } from './plants.ts'
import { type SoakReport, soak } from './soak.ts'
import { soakSessions } from './verdict.ts'

interface Settings {
  readonly days: number
  readonly seed: number
  readonly plant?: string
  readonly log: boolean
}

const command = new Command('soak')
  .description('Lets the collecting service live through trading days full of faults, on a virtual clock.')
  .option('--days <count>', 'trading days', Number, 30)
  .option('--seed <seed>', 'decides every fault and every delay', Number, 1)
  .option('--plant <name>', `a bug of our own to find: ${Object.keys(PLANTS).join(', ')}`)
  .option('--log', 'everything that the service has to say', false)

async function run({ days, seed, plant, log }: Settings): Promise<void> {
  const footprint = new Footprint()
  const begun = performance.now()
  const report = await soak({
    sessions: soakSessions(days),
    seed,
    ...(plant !== undefined && { plant: PLANTS[plant] ?? {} }),
    onSession: (date, wrong) => print(`${date}  ${told(wrong)}  ${footprint.measure().toFixed(0)} MiB`),
    onLog: (now, level, fields, message) => {
      if (log) print(`${new Date(now).toISOString()} ${level} ${message} ${JSON.stringify(fields)}`)
    },
  })
  const wrong = [...report.wrong, ...footprint.wrong()]
  conclude(report, wrong)
  print(`seed ${seed}, ${Math.round((performance.now() - begun) / 1_000)} s`)
  if (wrong.length > 0) process.exitCode = 1
}

const SHOWN = 40

function conclude(report: SoakReport, wrong: readonly string[]): void {
  const faults = [...report.faults.values()].reduce((sum, count) => sum + count, 0)
  for (const each of wrong.slice(0, SHOWN)) print(each)
  print(`${told(wrong)}, after ${faults} faults of ${report.faults.size} kinds`)
  print(`${report.requests} requests for seconds, at most ${report.busiest} in 600 s`)
  print(`trace ${report.trace} of ${report.entries} entries`)
}

const told = (wrong: readonly string[]): string => (wrong.length === 0 ? 'whole' : `${wrong.length} wrong`)

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

await run(command.parse().opts<Settings>())

import { Command } from 'commander'
import { startTemplateServer } from '../support/databaseServer.ts'
import { type CrashReport, crashes } from './crashes.ts'
import { PLANTS } from './plants.ts'

interface Settings {
  readonly kills: number
  readonly seed: number
  readonly worlds: number
  readonly plant?: string
  readonly log: boolean
}

const command = new Command('crashpoints')
  .description('Kills the trading service before and after every step of an entry and an exit.')
  .option('--kills <count>', 'kills', Number, 20)
  .option('--seed <seed>', 'decides which step is the end of which process', Number, 1)
  .option('--worlds <count>', 'simulators and services side by side', Number, 2)
  .option('--plant <name>', `a bug of our own to find: ${Object.keys(PLANTS).join(', ')}`)
  .option('--log', 'everything that the services have to say', false)

async function main({ plant, log, ...settings }: Settings): Promise<void> {
  const begun = performance.now()
  const { templateUrl, stop } = await startTemplateServer()
  try {
    const report = await crashes({
      ...settings,
      ...{ templateUrl, plant: plant ?? null },
      onDeath: ({ step, output, wrong }) => {
        if (log) print(output)
        print(`${seconds(begun)} s: killed ${step}${wrong.length > 0 ? `: ${wrong.join('; ')}` : ''}`)
      },
    })
    tell(report)
    print(`seed ${settings.seed}, ${seconds(begun)} s`)
    if (report.wrong.length > 0) process.exitCode = 1
  } finally {
    await stop()
  }
}

const seconds = (since: number): string => ((performance.now() - since) / 1_000).toFixed(0)

function tell({ kills, missed, entries, executions, wrong }: CrashReport): void {
  const points = [...new Set([...kills.keys()].map((step) => step.replace(/^\w+ /, '')))].sort()
  print(`\n${'point'.padEnd(28)} before  after`)
  for (const point of points) print(`${point.padEnd(28)} ${of('before', point)}  ${of('after', point)}`)
  const count = [...kills.values()].reduce((sum, each) => sum + each, 0)
  print(
    `\n${count} kills at ${kills.size} steps; ${entries} entries and ${executions} executions at the broker`,
  )
  for (const step of missed) print(`never killed ${step}`)
  for (const fault of wrong) print(fault)
  print(wrong.length === 0 ? 'whole' : `${wrong.length} wrong`)
  function of(side: string, point: string): string {
    return String(kills.get(`${side} ${point}`) ?? 0).padStart(side.length)
  }
}

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

await main(command.parse().opts<Settings>())

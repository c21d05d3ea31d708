import { Command } from 'commander'
import { type DaysReport, tradingDays, tradingSessions } from './day.ts'
import { faultsNamed } from './faults.ts'
import { MEDDLING } from './person.ts'
import { PLANTS, plantNamed } from './plants.ts'

interface Settings {
  readonly days: number
  readonly seed: number
  readonly plant?: string
  readonly only?: string
  readonly meddling: boolean
  readonly log: boolean
}

/** Sessions that one world lives through: positions and orders outlive the nights between them. */
const DAYS_OF_A_WORLD = 5

const command = new Command('tradingdays')
  .description(
    'Lets the trading service live through trading days full of faults, judged by the simulated broker.',
  )
  .option('--days <count>', 'trading days', Number, 20)
  .option('--seed <seed>', 'the first seed; each five days have one of their own', Number, 1)
  .option('--plant <name>', `a bug of our own to find: ${Object.keys(PLANTS).join(', ')}`)
  .option('--only <fault>', 'one kind of fault alone, or none')
  .option('--meddling', 'a person stops the trader more often than not', false)
  .option('--log', 'everything that the service has to say', false)

async function run({ days, seed, plant, only, meddling, log }: Settings): Promise<void> {
  const begun = performance.now()
  let wrong = 0
  for (let done = 0; done < days; done += DAYS_OF_A_WORLD) {
    const of = seed + done / DAYS_OF_A_WORLD
    const count = Math.min(DAYS_OF_A_WORLD, days - done)
    const report = await tradingDays({
      sessions: tradingSessions(of, count),
      seed: of,
      ...(plant !== undefined && { plant: plantNamed(plant) }),
      ...(only !== undefined && { faults: faultsNamed(only) }),
      ...(meddling && { habit: MEDDLING }),
      onLog: (now, level, fields, message) => {
        if (log) print(`${new Date(now).toISOString()} ${level} ${message} ${JSON.stringify(fields)}`)
      },
    })
    tell(of, count, report)
    wrong += report.wrong.length
  }
  const seconds = (performance.now() - begun) / 1_000
  print(`${days} days in ${seconds.toFixed(0)} s, ${(days / seconds).toFixed(2)} a second: ${wrong} wrong`)
  if (wrong > 0) process.exitCode = 1
}

function tell(seed: number, days: number, report: DaysReport): void {
  const { wrong, faults, kills, entries, exits, stopped, nakedMs, trace, decisions } = report
  const count = [...faults.values()].reduce((sum, each) => sum + each, 0)
  const outcomes = [...decisions].map(([name, times]) => `${name} ${times}`).join(', ')
  print(
    `seed ${seed}: ${days} days, ${count} faults, ${kills} deaths, ${entries} fills of entries, ${exits} of exits, ${stopped} of stops, ${nakedMs / 1_000} s naked, trace ${trace.slice(0, 12)}: ${wrong.length === 0 ? 'whole' : `${wrong.length} wrong`}`,
  )
  print(`  ${outcomes}`)
  for (const each of wrong.slice(0, 20)) print(`  ${each}`)
}

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

await run(command.parse().opts<Settings>())

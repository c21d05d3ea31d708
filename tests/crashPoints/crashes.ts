import { seededRandom } from '../../src/market/seededRandom.ts'
import { Plan } from './plan.ts'
import { type Death, openWorld } from './world.ts'

export interface CrashOptions {
  readonly kills: number
  readonly seed: number
  /** Simulators with a database and a service each, side by side. */
  readonly worlds: number
  /** A migrated database that nobody connects to. */
  readonly templateUrl: string
  readonly plant?: string | null
  readonly onDeath?: (death: Death) => void
}

export interface CrashReport {
  /** `before entry sending`: how often it was the end of a process. */
  readonly kills: ReadonlyMap<string, number>
  /** Steps of an entry or an exit that never were. */
  readonly missed: readonly string[]
  readonly entries: number
  readonly executions: number
  readonly wrong: readonly string[]
}

type Lived = Pick<CrashReport, 'entries' | 'executions' | 'wrong'>

/** Kills the service before and after its steps, and lets the simulated broker's books judge. */
export async function crashes(options: CrashOptions): Promise<CrashReport> {
  const plan = new Plan(options.kills, seededRandom(options.seed))
  const worlds = Array.from({ length: options.worlds }, (_, i) =>
    livedThrough(plan, options, VOLUMES[i % VOLUMES.length]!),
  )
  await Promise.allSettled(worlds) // each ends what it has started
  const lived = (await Promise.all(worlds)).flat()
  const sum = (count: (each: Lived) => number) => lived.reduce((total, each) => total + count(each), 0)
  return {
    ...{ kills: plan.kills, missed: plan.missed },
    entries: sum(({ entries }) => entries),
    executions: sum(({ executions }) => executions),
    wrong: lived.flatMap(({ wrong }) => wrong),
  }
}

/** In every other world an order takes some seconds to fill. */
const VOLUMES = [1_000, 8]

/** One day after the other in worlds of their own, until the plan has no more or something is wrong. */
async function livedThrough(plan: Plan, options: CrashOptions, volume: number): Promise<Lived[]> {
  const days: Lived[] = []
  do days.push(await day(plan, options, volume))
  while (!plan.isDone && days.at(-1)!.wrong.length === 0)
  return days
}

async function day(
  plan: Plan,
  { templateUrl, plant = null, onDeath }: CrashOptions,
  volume: number,
): Promise<Lived> {
  const world = await openWorld({ templateUrl, plant, volume })
  try {
    const wrong: string[] = []
    while (wrong.length === 0 && !(await world.isOver())) {
      const spared = plan.next()
      if (spared === null) break
      const death = await world.live(spared)
      plan.died(death.step)
      onDeath?.(death)
      wrong.push(...death.wrong.map((fault) => `after a death ${death.step}: ${fault}`))
    }
    wrong.push(...(await world.settle()))
    const { orders, executions } = await world.books()
    const entries = orders.filter(({ action, filled }) => action === 'BUY' && filled > 0).length
    return { wrong: [...new Set(wrong)], entries, executions: executions.length }
  } finally {
    await world.close()
  }
}

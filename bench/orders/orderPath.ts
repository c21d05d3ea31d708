import { memoryDatabase } from '../../tests/support/twins/database.ts'
import { type Goal, type Measured, measuredOnce } from '../ratio.ts'
import type { Workbench } from '../workbench.ts'
import { bareCommit } from './bareCommit.ts'
import { tradeDay } from './tradedDay.ts'
import type { Sample } from './wire.ts'

/** Each with a trader of its own. */
const DAYS = 8
/** So many days at once, so many times over, come before: an order is a rare thing, and code that hardly ran is slow. */
const WARM_UP = { days: 8, rounds: 5 }

const OWN: Goal = {
  ...{ id: 'L1', what: 'bar to order, both our turns on the wire, without commits', bound: 'atMost' },
  ...{ yardstick: 'two turns of a bare echo in Node', gate: 1.8, target: 1.3 },
}
const TAIL: Goal = {
  ...{ id: 'L1', what: 'the slowest hundredth of it', yardstick: 'its own median', bound: 'atMost' },
  ...{ gate: 3, target: 1.6 },
}
const WHOLE: Goal = {
  ...{ id: 'L1', what: 'bar to order in all, TWS asked in between, without commits', bound: 'atMost' },
  ...{ yardstick: 'one turn of a bare echo in Node', gate: 3.6, target: 2.6 },
}
const COMMITS: Goal = {
  ...{ id: 'L1', what: 'what PostgreSQL adds to it', yardstick: 'a bare commit of one row', bound: 'atMost' },
  ...{ gate: 30, target: 15 },
}

/** L1: from a bar that closes a candle to the order that follows from it. */
export async function orderPath(bench: Workbench): Promise<Measured[]> {
  console.error(`${OWN.id} ${OWN.what} …`)
  await warmUp()
  const days: Sample[][] = []
  while (days.length < DAYS) days.push(await tradeDay(memoryDatabase().stores, days.length))
  const all = days.flat().map(ownOf)
  return [
    ofDays(OWN, days, (day) => median(day.map(ownOf)) / (2 * median(day.map(({ echo }) => echo)))),
    measuredOnce(TAIL, quantile(all, 0.99) / median(all)),
    ofDays(WHOLE, days, (day) => median(day.map(wholeOf)) / median(day.map(({ echo }) => echo))),
    await commits(bench, median(days.flat().map(wholeOf))),
  ]
}

async function warmUp(): Promise<void> {
  for (let round = 0; round < WARM_UP.rounds; round++) {
    const days = Array.from({ length: WARM_UP.days }, (_, day) => tradeDay(memoryDatabase().stores, day))
    await Promise.all(days)
  }
}

const ownOf = ({ probe, order }: Sample): number => probe + order
const wholeOf = ({ whole }: Sample): number => whole

async function commits(bench: Workbench, withoutUs: number): Promise<Measured> {
  console.error(`${COMMITS.id} ${COMMITS.what} …`)
  const stored = await tradeDay(bench.stores, DAYS)
  const addedUs = median(stored.map(wholeOf)) - withoutUs
  return measuredOnce(COMMITS, addedUs / median(await bareCommit(bench)))
}

function ofDays(goal: Goal, days: readonly Sample[][], ratioOf: (day: Sample[]) => number): Measured {
  const ratios = days.map(ratioOf)
  return { ...goal, median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) }
}

const median = (values: readonly number[]): number => quantile(values, 0.5)

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!
}

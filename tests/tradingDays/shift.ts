import { setMaxListeners } from 'node:events'
import type { Session } from '../../src/market/session.ts'
import { type EpochMs, later, MINUTE_MS, plus, SECOND_MS } from '../../src/market/time.ts'
import { shuffled } from '../../src/simulator/faults/rows.ts'
import type { Assembly } from './assembly.ts'
import type { DaysOptions } from './day.ts'
import type { Fault, World } from './faults.ts'
import { judgeEnd, seconds } from './judge.ts'
import { Person } from './person.ts'

/** A time in which processes live. */
interface Shift {
  readonly from: EpochMs
  readonly to: EpochMs
  readonly session: Session
  /** The last fault begins before. */
  readonly faultsUntil: EpochMs
  /** Everything must have become as it should be at its end. */
  readonly isLast: boolean
}

export const BEFORE_OPEN_MS = 5 * MINUTE_MS
const AFTER_CLOSE_MS = 6 * MINUTE_MS

/** The processes of a day live around its open and its close; between the two the machine is off. */
const SHIFT_MS = 45 * MINUTE_MS

/** The last fault falls so long before the close; then everything must become as it should be. */
const CALM_BEFORE_CLOSE_MS = 8 * MINUTE_MS

/** Calm between two faults. */
const CALM_MS = { least: 10 * SECOND_MS, most: 150 * SECOND_MS }

/** A fault that has begun is let end. */
const LONGEST_FAULT_MS = 5 * MINUTE_MS

/** A process that has died is started again after so long at the most. */
const RESTART_MS = 15 * SECOND_MS

export function shiftsOf(session: Session): Shift[] {
  const { from, to } = session
  const noon = plus(from, SHIFT_MS)
  return [
    { session, from: plus(from, -BEFORE_OPEN_MS), to: noon, faultsUntil: noon, isLast: false },
    {
      ...{ session, from: plus(to, -SHIFT_MS), to: plus(to, AFTER_CLOSE_MS) },
      ...{ faultsUntil: plus(to, -CALM_BEFORE_CLOSE_MS), isLast: true },
    },
  ]
}

export async function oneShift(
  run: Assembly,
  shift: Shift,
  { faults, habit }: Required<Pick<DaysOptions, 'faults' | 'habit'>>,
  counts: Map<string, number>,
): Promise<number> {
  const { clock, witness } = run
  await clock.runUntil(shift.from)
  const stopping = new AbortController()
  const { signal } = stopping
  setMaxListeners(0, signal)
  const world: World = { ...run, random: run.randomOf(`faults ${shift.from}`) }
  const person = new Person(run, run.randomOf(`person ${shift.from}`), habit)
  const keeper = keepAlive(world, signal)
  const parts = [
    keeper.done,
    ...faults.map((row) => misfortunes(world, person, shift, row, counts, signal)),
    person.run(shift.to, signal),
    seconds(run, shift.to, signal),
  ]
  const settled = Promise.all(
    parts.map((part) =>
      part.catch((error) => {
        if (!signal.aborted) witness.tell(`defect: ${(error as Error).stack}`)
      }),
    ),
  )
  await clock.runUntil(shift.to)
  if (shift.isLast) await judgeEnd(run)
  stopping.abort(new Error('the shift is over'))
  for (const process of run.processes) process.mortal.kill()
  run.lease.lose()
  run.processes.length = 0
  await clock.runUntil(plus(clock.now(), LONGEST_FAULT_MS))
  await settled
  return keeper.kills()
}

/** Two processes: one leads, the other waits; whichever dies is started again. */
function keepAlive(world: World, signal: AbortSignal): { done: Promise<void>; kills: () => number } {
  let kills = 0
  const ended = aborted(signal)
  const keep = async (): Promise<void> => {
    while (!signal.aborted) {
      const process = world.start()
      const died = new Promise<void>((resolve) => process.mortal.onDeath(resolve))
      await Promise.race([died, ended])
      if (signal.aborted) return
      kills++
      world.trace.add('died', String(kills))
      world.processes.splice(world.processes.indexOf(process), 1)
      await world.clock.sleep(world.random() * RESTART_MS, signal).catch(() => {})
      // The database notices that the connection of the dead one is gone.
      if (process.held !== null && !process.held.lost.aborted) await process.held.release()
    }
  }
  const done = Promise.all([keep(), world.clock.sleep(3_000, signal).then(keep)]).then(() => {})
  return { done, kills: () => kills }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

async function misfortunes(
  world: World,
  person: Person,
  { session, from, faultsUntil }: Shift,
  faults: Readonly<Record<string, Fault>>,
  counts: Map<string, number>,
  signal: AbortSignal,
): Promise<void> {
  const { clock, random, trace, trouble } = world
  let deck: string[] = []
  await clock.sleepUntil(later(session.from, from), signal)
  while (Object.keys(faults).length > 0 && clock.now() < faultsUntil && !signal.aborted) {
    if (deck.length === 0) deck = shuffled(Object.keys(faults), random)
    const name = deck.pop()!
    const fault = faults[name]!
    trace.add('fault', name)
    world.log.debug({ fault: name }, '=== fault')
    counts.set(name, (counts.get(name) ?? 0) + 1)
    if (fault.blinds) trouble.blinds++
    await fault.run(world)
    if (fault.blinds) trouble.blinds--
    world.log.debug({ fault: name }, '=== fault ends')
    const calm = CALM_MS.least + random() * (CALM_MS.most - CALM_MS.least)
    await clock.sleep(calm, signal)
    await person.seeTo()
  }
}

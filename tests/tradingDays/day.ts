import { setMaxListeners } from 'node:events'
import { type Session, sessionsBetween } from '../../src/market/session.ts'
import { type EpochMs, later, MINUTE_MS, parseInstant, plus, SECOND_MS } from '../../src/market/time.ts'
import { shuffled } from '../../src/simulator/faults/rows.ts'
import { type Assembly, type AssemblyOptions, assembled } from './assembly.ts'
import { FAULTS, type Fault, type World } from './faults.ts'
import { HABIT, type Habit, Person } from './person.ts'
import { CLIENT_ID, SYMBOL } from './process.ts'

export interface DaysOptions extends AssemblyOptions {
  /** Oldest first. */
  readonly sessions: readonly Session[]
  /** Rows that happen at the same time. */
  readonly faults?: readonly Readonly<Record<string, Fault>>[]
  readonly habit?: Habit
  readonly onSession?: (date: string, wrong: readonly string[]) => void
}

export interface DaysReport {
  /** A sentence each. */
  readonly wrong: readonly string[]
  /** SHA-256 of everything that happened. */
  readonly trace: string
  readonly faults: ReadonlyMap<string, number>
  readonly kills: number
  readonly entries: number
  readonly exits: number
  readonly stopped: number
  readonly nakedMs: number
  readonly decisions: ReadonlyMap<string, number>
}

const BEFORE_OPEN_MS = 5 * MINUTE_MS
const AFTER_CLOSE_MS = 6 * MINUTE_MS
/** The processes of a day live around its open and its close; between the two the machine is off. */
const SHIFT_MS = 45 * MINUTE_MS
/** The last fault falls so long before the close; then everything must become as it should be. */
const CALM_BEFORE_CLOSE_MS = 8 * MINUTE_MS
/** Calm between two faults. */
const CALM_MS = { least: 10 * SECOND_MS, most: 150 * SECOND_MS }
/** Position and books must agree within so long, or the trader must say that it stands still (I4). */
const AGREE_MS = MINUTE_MS
/** A fault that has begun is let end. */
const LONGEST_FAULT_MS = 5 * MINUTE_MS
/** A process that has died is started again after so long at the most. */
const RESTART_MS = 15 * SECOND_MS

/** Lets processes trade through sessions full of faults, and judges them by the broker's books. */
export async function tradingDays({
  sessions,
  faults = FAULTS,
  habit = HABIT,
  onSession,
  ...options
}: DaysOptions): Promise<DaysReport> {
  const run = assembled(options, plus(sessions[0]!.from, -BEFORE_OPEN_MS))
  await run.memory.stores.instruments.save({
    ...{ symbol: SYMBOL, conId: 756733, exchange: 'SMART', primaryExchange: 'ARCA', currency: 'USD' },
    ...{ minTick: 0.01, priceScale: 10_000, tracked: true },
  })
  const counts = new Map<string, number>()
  let kills = 0
  for (const session of sessions) {
    const before = run.witness.wrong.length
    for (const shift of shiftsOf(session)) kills += await oneShift(run, shift, { faults, habit }, counts)
    onSession?.(session.date, run.witness.wrong.slice(before))
  }
  return { ...(await report(run)), faults: counts, kills }
}

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

function shiftsOf(session: Session): Shift[] {
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

async function oneShift(
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

/** After the calm everything must be settled: nothing in doubt, books equal, somebody leading. */
async function judgeEnd({ memory, witness, leader, tws }: Assembly): Promise<void> {
  const booked = await memory.stores.executions.position(SYMBOL)
  if (booked !== witness.held)
    witness.tell(`I4: at the end ${booked} shares are booked, the broker has ${witness.held}`)
  const standing = leader()?.standing ?? null
  if (standing === null) witness.tell('L: nobody leads at the end')
  else if (!standing.isReconciled)
    witness.tell(`L: not reconciled at the end: ${standing.state}, ${standing.reason}`)
  const open = await memory.stores.intents.open()
  for (const intent of open.filter(({ purpose, state }) => purpose !== 'stop' || state !== 'working'))
    witness.tell(`L: ${intent.purpose} ${intent.orderId} is ${intent.state} at the end`)
  for (const order of tws.floor.orders.live.filter(({ clientId }) => clientId === CLIENT_ID)) {
    const intent = open.find(({ orderId }) => orderId === order.orderId)
    if (intent === undefined)
      witness.tell(`L: order ${order.orderId} ${order.terms.action} lives at the end, and is not known`)
  }
}

async function seconds(run: Assembly, until: EpochMs, signal: AbortSignal): Promise<void> {
  const { clock, witness } = run
  let since: EpochMs | null = null
  while (clock.now() < until && !signal.aborted) {
    witness.look()
    const differs = await difference(run)
    since = differs === null ? null : (since ?? clock.now())
    if (since !== null && clock.now() - since > AGREE_MS) {
      witness.tell(`I4: for a minute ${differs}`)
      since = null
    }
    await clock.sleep(SECOND_MS, signal)
  }
}

/** How what is booked differs from what the broker has, although the trader does not say that it stands still. */
async function difference({ memory, witness, leader }: Assembly): Promise<string | null> {
  const standing = leader()?.standing ?? null
  const isFrozen = standing === null || standing.state === 'halted' || !standing.isReconciled
  const booked = await memory.stores.executions.position(SYMBOL)
  if (isFrozen || booked === witness.held) return null
  return `${booked} shares are booked, the broker has ${witness.held}, and it is ${standing.state}`
}

async function report({
  witness,
  trace,
  memory,
  clock,
}: Assembly): Promise<Omit<DaysReport, 'faults' | 'kills'>> {
  const { wrong, entries, exits, stopped, nakedMs } = witness
  const range = { from: parseInstant('1998-01-01T00:00:00Z'), to: clock.now() }
  const decisions = new Map<string, number>()
  for (const { outcome, hindrance } of await memory.stores.decisions.between(SYMBOL, range)) {
    const name = outcome === 'denied' ? `denied ${hindrance?.split(':')[0]}` : outcome
    decisions.set(name, (decisions.get(name) ?? 0) + 1)
  }
  return { wrong, trace: trace.digest(), entries, exits, stopped, nakedMs, decisions }
}

/** `count` sessions in a row, others for each seed; among them a half day and a change of clocks for some. */
export const tradingSessions = (seed: number, count: number): Session[] => {
  const first = (seed * 7) % 150
  return sessionsBetween(
    { from: parseInstant('2024-10-01T00:00:00Z'), to: parseInstant('2025-06-30T00:00:00Z') },
    'rth',
  ).slice(first, first + count)
}

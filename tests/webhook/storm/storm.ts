import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { seededRandom } from '../../../src/market/seededRandom.ts'
import type { Stores } from '../../../src/ports/stores.ts'
import { gatewayEvent } from '../../support/events.ts'
import { type Failing, type Receiver, receiver } from './receiver.ts'
import { stormWebhooks } from './webhooks.ts'

export interface StormOptions {
  readonly url: string
  readonly stores: Stores
  readonly events: number
  readonly endpoints: number
  readonly failing: number
  readonly kills: number
  readonly seed: number
  /** Over how long the events are committed, and the kills done. */
  readonly seconds: number
  /** How long everything may take. */
  readonly deadlineMs: number
}

export interface StormResult {
  readonly deliveries: number
  readonly lost: number
  readonly outOfOrder: number
  readonly duplicates: number
  /** The most that any one endpoint was given twice. */
  readonly mostDuplicates: number
  readonly forged: number
  readonly failures: number
  readonly resumed: number
  readonly kills: number
  readonly tookSeconds: number
  /** Of the endpoints that work, from commit to arrival. */
  readonly healthyP50Ms: number
  readonly healthyP95Ms: number
}

const PROCESS = fileURLToPath(new URL('./courierProcess.js', import.meta.url))
/** Compiled: beside this file, or where the build has put it. */
const PATH = existsSync(PROCESS) ? PROCESS : PROCESS.replace('/tests/', '/dist/tests/')

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Events, receivers of which some fail, and a process that delivers and is killed again and again. */
export async function storm(options: StormOptions): Promise<StormResult> {
  const { stores, events, endpoints, failing, deadlineMs } = options
  const begun = performance.now()
  const sent = new Map<number, number>()
  const receivers: Receiver[] = []
  for (let i = 0; i < endpoints; i++) {
    const random = seededRandom(options.seed * 100 + i)
    const sentAt = (sequence: number) => sent.get(sequence) ?? performance.now()
    receivers.push(await receiver(i < failing ? failingOver(events) : null, random, sentAt))
  }
  const ids = await register(stores, receivers)
  const courier = new Courier(options.url)
  const state = { resumed: 0, isCommitted: false }
  const commit = async () => {
    await Promise.all([append(options, sent), killing(options, courier)])
    state.isCommitted = true
  }
  const isDone = () =>
    (state.isCommitted && receivers.every(({ taken }) => new Set(taken).size >= events)) ||
    performance.now() - begun > deadlineMs
  const attend = async () => {
    for (; !isDone(); await pause(LOOK_EVERY_MS)) state.resumed += await resume(stores, ids)
  }
  try {
    courier.start()
    await Promise.all([commit(), attend()])
    await pause(300) // whatever is still on its way is a duplicate
  } finally {
    await courier.kill()
    await Promise.all(receivers.map((each) => each.close()))
  }
  return resultOf(options, receivers, state.resumed, (performance.now() - begun) / 1_000)
}

const LOOK_EVERY_MS = 200

/** A retry waits for the queue's next look, up to a second, so that a receiver fails some hundreds of times in all. */
const failingOver = (events: number): Failing => ({
  once: 0.02 + 20 / events,
  inARow: 0.0002 + 2 / events,
})

async function register(stores: Stores, receivers: readonly Receiver[]): Promise<string[]> {
  const endpoints = stormWebhooks().endpoints(stores)
  const ids: string[] = []
  for (const each of receivers) {
    const { endpoint, secret } = await endpoints.create({ url: each.url, events: null, description: '' })
    each.secret(secret)
    ids.push(endpoint.id)
  }
  return ids
}

/** Commits events a few at a time. */
async function append({ stores, events, seconds }: StormOptions, sent: Map<number, number>): Promise<void> {
  const batch = 5
  const everyMs = (seconds * 1_000) / (events / batch)
  for (let done = 0; done < events; done += batch) {
    const made = Array.from({ length: batch }, (_, i) => gatewayEvent(done + i))
    const placed = await stores.transaction((tx) => tx.events.append(made))
    for (const { sequence } of placed) sent.set(sequence, performance.now())
    await pause(everyMs)
  }
}

async function killing({ kills, seed, seconds }: StormOptions, courier: Courier): Promise<void> {
  const random = seededRandom(seed)
  const everyMs = (seconds * 1_000) / kills
  for (let i = 0; i < kills; i++) {
    await pause(everyMs * (0.6 + 0.8 * random()))
    await courier.kill()
    courier.start()
  }
}

/** A person who finds an endpoint paused resumes it. */
async function resume(stores: Stores, ids: readonly string[]): Promise<number> {
  let resumed = 0
  for (const id of ids) {
    const found = await stores.webhooks.find(id)
    if (found?.state !== 'paused') continue
    await stormWebhooks().endpoints(stores).change(id, { state: 'enabled' })
    resumed++
  }
  return resumed
}

/** One process that delivers. */
class Courier {
  readonly #url: string
  #process: ChildProcess | null = null

  constructor(url: string) {
    this.#url = url
  }

  start(): void {
    const env = { ...process.env, DATABASE_URL: this.#url, STORM: randomBytes(4).toString('hex') }
    this.#process = spawn(process.execPath, ['--enable-source-maps', PATH], { env, stdio: 'inherit' })
  }

  async kill(): Promise<void> {
    const running = this.#process!
    if (running.exitCode !== null) throw new Error(`the courier ended by itself with ${running.exitCode}`)
    const ended = once(running, 'exit')
    running.kill('SIGKILL')
    await ended
  }
}

function resultOf(
  { events, failing, kills }: StormOptions,
  receivers: readonly Receiver[],
  resumed: number,
  seconds: number,
): StormResult {
  const duplicates = receivers.map(({ taken }) => taken.length - new Set(taken).size)
  const healthy = receivers
    .slice(failing)
    .flatMap(({ delays }) => [...delays])
    .sort((a, b) => a - b)
  const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0)
  return {
    deliveries: sum(receivers.map(({ taken }) => taken.length)),
    lost: sum(receivers.map(({ taken }) => events - new Set(taken).size)),
    outOfOrder: sum(receivers.map(({ taken }) => disorder(taken))),
    duplicates: sum(duplicates),
    mostDuplicates: Math.max(...duplicates),
    forged: sum(receivers.map(({ counts }) => counts.forged)),
    failures: sum(receivers.map(({ counts }) => counts.failed)),
    ...{ resumed, kills, tookSeconds: Math.round(seconds) },
    healthyP50Ms: Math.round(healthy[Math.floor(healthy.length / 2)] ?? 0),
    healthyP95Ms: Math.round(healthy[Math.floor(healthy.length * 0.95)] ?? 0),
  }
}

/** How many came after a later one; a repetition of the newest is none. */
function disorder(taken: readonly number[]): number {
  let newest = 0
  let count = 0
  for (const sequence of taken) {
    if (sequence < newest || sequence > newest + 1) count++
    newest = Math.max(newest, sequence)
  }
  return count
}

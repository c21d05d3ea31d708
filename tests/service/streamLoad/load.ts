import { readFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { EventStore } from '../../../src/ports/events.ts'
import { gatewayEvent } from '../../support/events.ts'

export interface LoadOptions {
  /** `host:port` of the service, and its process. */
  readonly address: string
  readonly pid: number
  readonly events: Pick<EventStore, 'append'>
  readonly clients: number
  readonly stalled: number
  readonly seconds: number
  /** Of each event, about. */
  readonly bytes: number
}

export interface LoadResult {
  readonly told: number
  /** Events that a healthy client has not seen, over all of them. */
  readonly missed: number
  /** Stalled clients that were cut off by the end. */
  readonly dropped: number
  /** From commit to arrival at a healthy client, in milliseconds. */
  readonly p50Ms: number
  readonly p99Ms: number
  /** The most that the process grew by, over what it had before the first client. */
  readonly grownMb: number
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** What the kernel says that a process holds. */
const residentMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1_024

/** A hundred a second at most. What the system itself keeps for one who does not read, some MB, is to be full soon. */
const BATCH = 5
const EVERY_MS = 50

/** Clients of whom some read nothing, while events come. */
export async function streamLoad(options: LoadOptions): Promise<LoadResult> {
  const { pid, events, clients, stalled, seconds } = options
  const reason = 'x'.repeat(options.bytes)
  const before = residentMb(pid)
  const committed = new Map<number, number>()
  const followers: Follower[] = []
  const sleepers: Sleeper[] = []
  for (let i = 0; i < clients; i++) {
    if (i % clients < stalled) sleepers.push(new Sleeper(options.address))
    else followers.push(new Follower(options.address))
    await pause(30) // the limit on requests is of another concern
  }
  await pause(500)
  let most = residentMb(pid)
  let told = 0
  for (let batch = 0; batch < (seconds * 1_000) / EVERY_MS; batch++) {
    const made = Array.from({ length: BATCH }, (_, i) => gatewayEvent(i, reason))
    const placed = await events.append(made)
    for (const { sequence } of placed) committed.set(sequence, performance.now())
    told += placed.length
    most = Math.max(most, residentMb(pid))
    await pause(EVERY_MS)
  }
  await pause(1_500)
  const delays = followers.flatMap(({ arrived }) =>
    [...arrived].flatMap(([sequence, at]) =>
      committed.has(sequence) ? [at - committed.get(sequence)!] : [],
    ),
  )
  for (const each of sleepers) each.wake()
  await pause(1_500)
  const result = {
    told,
    missed: followers.reduce(
      (sum, { arrived }) => sum + [...committed.keys()].filter((it) => !arrived.has(it)).length,
      0,
    ),
    dropped: sleepers.filter(({ isDropped }) => isDropped).length,
    ...quantiles(delays),
    grownMb: Math.round(most - before),
  }
  for (const each of [...followers, ...sleepers]) each.end()
  return result
}

function quantiles(delays: number[]) {
  const sorted = delays.sort((a, b) => a - b)
  const at = (part: number) => Math.max(0, Math.round(sorted[Math.floor((sorted.length - 1) * part)] ?? 0))
  return { p50Ms: at(0.5), p99Ms: at(0.99) }
}

/** One who reads as it comes. */
class Follower {
  readonly arrived = new Map<number, number>()
  readonly #asked: ReturnType<typeof get>
  #rest = ''

  constructor(address: string) {
    this.#asked = get(`http://${address}/v1/events`, (response) => this.#read(response)).on('error', () => {})
  }

  #read(response: IncomingMessage): void {
    response.setEncoding('utf8').on('data', (text: string) => {
      const at = performance.now()
      const frames = (this.#rest + text).split('\n\n')
      this.#rest = frames.pop()!
      for (const frame of frames) {
        const [, id] = /^id: (\d+)\nevent: /.exec(frame) ?? []
        if (id !== undefined) this.arrived.set(Number(id), at)
      }
    })
    response.on('error', () => {})
  }

  end(): void {
    this.#asked.destroy()
  }
}

/** One who asks, and reads nothing until he is woken. */
class Sleeper {
  readonly #socket: Socket
  #text = ''
  #isClosed = false

  constructor(address: string) {
    const [host, port] = address.split(':') as [string, string]
    this.#socket = connect(Number(port), host)
    this.#socket.on('error', () => {})
    this.#socket.pause()
    this.#socket.write(`GET /v1/events HTTP/1.1\r\nhost: ${address}\r\n\r\n`)
  }

  /** Whether it was told so, or simply cut off. */
  get isDropped(): boolean {
    return this.#isClosed || this.#text.includes('event: dropped')
  }

  wake(): void {
    this.#socket.on('data', (bytes: Buffer) => {
      this.#text = (this.#text + bytes).slice(-2_000)
    })
    this.#socket.once('close', () => {
      this.#isClosed = true
    })
    this.#socket.resume()
  }

  end(): void {
    this.#socket.destroy()
  }
}

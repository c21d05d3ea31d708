import { seededRandom } from '../../src/market/seededRandom.ts'
import { BarSeries } from '../../src/market/series.ts'
import { parseInstant, plus, type Random, SECOND_MS } from '../../src/market/time.ts'
import { encode, type Message } from '../../src/simulator/fields.ts'
import { frame } from '../../src/simulator/frame.ts'
import { generatedMarket } from '../../src/simulator/generator.ts'
import type { MarketSource } from '../../src/simulator/market.ts'
import { hashOf } from '../../src/simulator/noise.ts'
import { VirtualClock } from '../soak/virtualClock.ts'
import { CLIENT_MESSAGES } from './layouts/clientMessages.ts'
import { VERSIONS } from './layouts/layout.ts'
import { encoded } from './layouts/library.ts'
import { historyRequest, RawClient, terminal } from './rawClient.ts'

export interface FuzzReport {
  readonly frames: number
  /** Connections that ended over what they were sent. */
  readonly ended: number
  /** The longest that one frame, or one second of what runs meanwhile, kept the process busy: processor time. */
  readonly slowestMs: number
  readonly heapGrowthBytes: number
  /** Clients, timers and requests that outlived their connections. */
  readonly left: number
  /** Answers that a client beside it got, of as many requests. */
  readonly served: readonly [answers: number, requests: number]
}

/** Frames between two looks at everything: time passes, and the client beside asks something. */
const BATCH = 500
/** Frames that one terminal gets: the orders of its day are told again and again. */
const ROUND = 5_000

/** Throws so many frames at servers without sockets, right, nearly right and absurd ones. */
export async function fuzz(frames: number, seed: number): Promise<FuzzReport> {
  const random = seededRandom(hashOf(seed, 'fuzz'))
  const watch = new Stopwatch()
  const sum = { ended: 0, left: 0, answers: 0, requests: 0 }
  let heapAtStart = 0
  for (let sent = 0; sent < frames; sent += ROUND) {
    const round = await fuzzRound(Math.min(ROUND, frames - sent), random, watch)
    for (const name of ['ended', 'left', 'answers', 'requests'] as const) sum[name] += round[name]
    if (sent === ROUND) heapAtStart = heapBytes()
  }
  return {
    ...{
      frames,
      ended: sum.ended,
      left: sum.left,
      served: [sum.answers, sum.requests],
      slowestMs: watch.slowestMs,
    },
    heapGrowthBytes: heapAtStart === 0 ? 0 : heapBytes() - heapAtStart,
  }
}

async function fuzzRound(frames: number, random: Random, watch: Stopwatch) {
  const clock = new VirtualClock(parseInstant('2024-06-03T15:00:00Z'))
  const tws = terminal({ market: quickMarket(), clock, machine: clock, switches: { pacing: 'off' } })
  const honest = new RawClient(tws).open(193, 0)
  const newClient = () => new RawClient(tws).open(oneOf(VERSIONS, random), 1)
  let [client, ended, answers, requests] = [newClient(), 0, 0, 0]
  for (let sent = 0; sent < frames; sent++) {
    watch.time(() => client.sendBytes(absurd(random)))
    if (client.hungUp || sent % 20 === 0) {
      if (client.hungUp) ended++
      client.connection.closed()
      client = newClient()
    }
    if (sent % BATCH !== 0) continue
    await watch.timeAsync(() => clock.runUntil(plus(clock.now(), SECOND_MS)))
    honest.received()
    honest.send(...historyRequest())
    await clock.runUntil(clock.now())
    answers += honest.received().length
    requests++
  }
  honest.send(58, '', 2147483647)
  for (const one of [client, honest]) one.connection.closed()
  const left = tws.clients.size + clock.pending + client.connection.queries.size
  return { ended, answers, requests, left }
}

class Stopwatch {
  slowestMs = 0

  time(work: () => void): void {
    const start = process.cpuUsage()
    work()
    this.#took(start)
  }

  async timeAsync(work: () => Promise<void>): Promise<void> {
    const start = process.cpuUsage()
    await work()
    this.#took(start)
  }

  #took(start: NodeJS.CpuUsage): void {
    const { user, system } = process.cpuUsage(start)
    this.slowestMs = Math.max(this.slowestMs, (user + system) / 1_000)
  }
}

const heapBytes = (): number => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

/** A market of one bar: prices need no generating where only the answers count. */
function quickMarket(): MarketSource {
  const time = parseInstant('2024-05-31T16:00:00Z')
  const bars = BarSeries.of([{ time, open: 1, high: 1, low: 1, close: 1, volume: 1, vwap: 1, tradeCount: 1 }])
  return { ...generatedMarket({ seed: 1 }), bars: () => ({ stepMs: SECOND_MS, bars, first: 0, end: 1 }) }
}

const REQUESTS: readonly (readonly string[])[] = [
  ...Object.values(CLIENT_MESSAGES).flatMap(({ sent }) => [encoded(178, sent), encoded(193, sent)]),
  ['71', '2', '1', ''],
  ['3', '1', '0', 'SPY', 'STK', '', '0.0', '', '', 'SMART', '', 'USD', '', '', '', '', 'BUY', '1', 'MKT'],
]

const NASTY = [
  ...['', '0', '-1', '1', '2147483647', '2147483648', '9223372036854775807', '1.7976931348623157E308', 'NaN'],
  ...[
    'Infinity',
    '1e400',
    '-0',
    ' 1',
    '0x10',
    'SPY',
    'ſpy',
    '\u{1f600}',
    "'; --",
    '../..',
    '1 secs',
    '1 month',
  ],
  ...[
    '99999999 Y',
    '1 S',
    '00000000-00:00:00',
    '20240229 25:61:61 Mars/Olympus',
    'SCHEDULE',
    'x'.repeat(2_000),
  ],
]

/** One frame: mostly a request with a field or two changed, sometimes a heap of fields, sometimes bytes. */
function absurd(random: Random): Buffer {
  const dice = random()
  if (dice < 0.8) return encode(mutated([...oneOf(REQUESTS, random)], random))
  if (dice < 0.95) return encode(heapOfFields(random))
  return frame(
    Array.from({ length: 1 + draw(random, 60) }, () => String.fromCharCode(draw(random, 256))).join(''),
  )
}

function mutated(fields: string[], random: Random): string[] {
  for (let changes = draw(random, 4); changes > 0; changes--) {
    const at = draw(random, fields.length)
    const kind = draw(random, 4)
    if (kind === 0) fields.splice(at, 1)
    else if (kind === 1) fields.splice(at, 0, oneOf(NASTY, random))
    else if (kind === 2) fields.length = Math.max(1, at)
    else fields[at] = oneOf(NASTY, random)
  }
  return fields.length > 0 ? fields : ['']
}

const heapOfFields = (random: Random): Message => [
  draw(random, 120) - 2,
  ...Array.from({ length: draw(random, 30) }, () => oneOf(NASTY, random)),
]

const draw = (random: Random, below: number): number => Math.floor(random() * below)
const oneOf = <T>(items: readonly T[], random: Random): T => items[draw(random, items.length)]!

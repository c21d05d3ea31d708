import type { IBApi } from '@stoqey/ib'
import { expect, test } from 'vitest'
import { machineClock } from '../../src/clock/machine.ts'
import type { BooksMessage } from '../../src/gateway/booksMessages.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import { IbBroker } from '../../src/gateway/ibBroker.ts'
import type { GatewayWatcher } from '../../src/gateway/watchers.ts'
import { openWire, type WireEvent } from '../../src/gateway/wire.ts'
import { seededRandom } from '../../src/market/seededRandom.ts'
import { commission, execution, openOrder, position } from '../support/orderFrames.ts'
import { frame, HANDSHAKE } from '../support/scriptedTws.ts'
import { silentLog } from '../support/simulator.ts'

/** CI feeds 50,000 frames; `FUZZ_FRAMES=1000000` a million. */
// Processor time is what is measured: others may use the machine as well.
const FRAMES = Number(process.env.FUZZ_FRAMES ?? 50_000)
const STALL_MS = 100
const MEMORY_BYTES = 32 * 2 ** 20

interface Fed {
  feed(data: Buffer): void
  readonly events: WireEvent[]
  readonly absurd: readonly string[]
  isBroken(): boolean
}

/** A wire after its handshake, fed by hand instead of by a socket, and the broker who hears of its books. */
function wire(): Fed {
  const events: WireEvent[] = []
  const { books, absurd } = broker()
  let broken = false
  const api: IBApi = openWire({ host: '127.0.0.1', port: 1 }, (event) => {
    if (event.type === 'broken') broken = true
    if (event.type !== 'heard') events.push(event)
    if (event.type === 'books' && !broken) books(event.message)
  })
  const { socket } = (
    api as unknown as { controller: { socket: { onData(data: Buffer): void; send(): void } } }
  ).controller
  socket.send = () => {}
  const feed = (data: Buffer) => socket.onData(data)
  feed(HANDSHAKE)
  events.length = 0
  return { feed, events, absurd, isBroken: () => broken }
}

/** A broker on a gateway that has nothing but a watcher, and what it reports of numbers that nobody means. */
function broker() {
  let watcher: GatewayWatcher = {}
  const gateway = {
    watch: (given: GatewayWatcher) => {
      watcher = given
      return () => {}
    },
  } as unknown as Gateway
  const listening = new IbBroker({
    ...{ gateway, clientId: 17, account: null, market: machineClock, machine: machineClock, log: silentLog },
  })
  const absurd: string[] = []
  listening.onReport((report) => {
    const told = JSON.stringify(report)
    if (/\d(e\+3\d|e\+308)/.test(told)) absurd.push(told)
  })
  return { absurd, books: (message: BooksMessage) => watcher.onBooks?.(message) }
}

const bodyOf = (frame: Buffer): string[] => frame.subarray(4).toString('utf8').split('\0').slice(0, -1)

const BAR = ['1717426800', 500, 501, 499, 500.5, 100, 500.1, 3]
/** Kinds of frames as TWS sends them. */
const KINDS: readonly (readonly (string | number)[])[] = [
  bodyOf(openOrder({})),
  bodyOf(execution({})),
  bodyOf(commission('0000e0d5.5c5bd2d5.01.01', 1)),
  bodyOf(position(100)),
  [4, 2, 5, 201, 'Order rejected', '{"8229":"x"}'],
  [1, 6, 5, 4, 500.1, 3, 0],
  [2, 6, 5, 8, 12345],
  [3, 7, 'Submitted', 0, 100, 0, 99, 0, 0, 17, '', 0],
  [4, 2, -1, 2106, 'HMDS data farm connection is OK:ushmds', ''],
  [6, 2, 'NetLiquidation', '100000', 'USD', 'DU1'],
  [8, 1, '15:04'],
  [9, 1, 1],
  [15, 1, 'DU1234567'],
  [17, 1_000_000_000, 'a', 'b', 2, ...BAR, ...BAR],
  [45, 6, 5, 49, 0],
  [46, 6, 5, 45, '1717426800'],
  [49, 1, 1_717_426_800],
  [50, 3, 5, 1_717_426_800, 500, 501, 499, 500, 100, 500, 3],
  [52, 1, 1_000_000_001],
  [53, 1],
  [57, 1, 5],
  [58, 1, 5, 1],
  [62, 1],
  [64, 1, 5],
  [106, 1_000_000_002, 'a', 'b', 'US/Eastern', 1, '20240603-13:30:00', '20240603-20:00:00', '20240603'],
]

const EVIL = [
  '',
  '-1',
  '2147483647',
  '4294967296',
  '1e999',
  '1.7976931348623157E308',
  '170141183460469231731687303715884105727',
  'NaN',
  '{"a":',
  '\\u00',
  'x'.repeat(300),
  '\u{1f600}',
]

/** A known frame with fields changed, left out or added; now and then bytes that are none. */
function fuzzed(random: () => number): Buffer {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!
  const fields: (string | number)[] = [...pick(KINDS)]
  if (random() < 0.2) fields[0] = Math.floor(random() * 120)
  for (let n = Math.floor(random() * 4); n > 0; n--) {
    const at = 1 + Math.floor(random() * fields.length)
    fields.splice(at, Math.floor(random() * 3), random() < 0.5 ? pick(EVIL) : Math.floor(random() * 2 ** 33))
  }
  const bytes = frame(...fields)
  if (random() < 0.05) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
  return bytes
}

test(`of ${FRAMES} broken frames none ends the process, stalls it for 100 ms or fills its memory`, () => {
  const random = seededRandom(1)
  let fed = wire()
  let worstMs = 0
  let fresh = 0
  const memoryBefore = process.memoryUsage().rss
  for (let n = 0; n < FRAMES; n++) {
    const bytes = fuzzed(random)
    const before = process.cpuUsage()
    fed.feed(bytes)
    worstMs = Math.max(worstMs, process.cpuUsage(before).user / 1_000)
    fed.events.length = 0
    expect(fed.absurd).toEqual([])
    // A length in the middle of nowhere swallows what follows: its end is the silence that the heartbeat notices.
    if (!fed.isBroken() && n % 200 !== 199) continue
    fed = wire()
    fresh++
  }
  expect(worstMs).toBeLessThan(STALL_MS)
  expect(fresh).toBeGreaterThan(FRAMES / 1_000)
  expect(process.memoryUsage().rss - memoryBefore).toBeLessThan(4 * MEMORY_BYTES)
}, 1_200_000)

test('a frame of any kind, cut at any byte, is the same frame', () => {
  for (const fields of KINDS) {
    const bytes = frame(...fields)
    const whole = wire()
    whole.feed(bytes)
    for (let cut = 1; cut < bytes.length; cut++) {
      const parts = wire()
      parts.feed(bytes.subarray(0, cut))
      parts.feed(bytes.subarray(cut))
      expect(parts.events).toEqual(whole.events)
    }
  }
})

test('the largest answer that we ask for is read in less than 100 ms', () => {
  const { feed, events, isBroken } = wire()
  const bars = Array.from({ length: 1_800 }, () => BAR).flat()
  const before = process.cpuUsage()
  feed(frame(17, 1_000_000_000, 'a', 'b', 1_800, ...bars))
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(STALL_MS)
  expect(events).toHaveLength(1_801)
  expect(isBroken()).toBe(false)
})

const ABSURD: [string, Buffer][] = [
  ['2^31 bars that are not there', frame(17, 1, 'a', 'b', 2 ** 31, ...BAR)],
  ['2^32 sessions that are not there', frame(106, 1, 'a', 'b', 'c', 2 ** 32 - 1)],
  ['thirty million ticks that are not there', frame(96, 1, 30_000_000)],
  ['fifty thousand fields', frame(9, ...Array(50_000).fill(1))],
]
for (const [title, bytes] of ABSURD) {
  test(`${title} cost less than 100 ms and break the connection`, () => {
    const { feed, isBroken } = wire()
    const before = performance.now()
    feed(bytes)
    expect(performance.now() - before).toBeLessThan(STALL_MS)
    expect(isBroken()).toBe(true)
  })
}

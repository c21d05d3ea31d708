import { type Clock, type Random, SECOND_MS } from '../../src/market/time.ts'
import { HISTORY_FAULTS } from '../../src/simulator/faults.ts'
import type { Door, FrameFault, HistoryFaultName } from './condition.ts'
import type { Terminal } from './terminal.ts'

/** What a fault may break. */
export interface World {
  readonly terminal: Terminal
  readonly clock: Clock
  readonly random: Random
  /** How far the clock of the terminal is ahead of ours. */
  readonly skew: { ms: number }
  /** Transactions of the database that fail, out of a hundred. */
  readonly database: { failing: number }
  /** Ends the work of the leading process at once; it begins anew. */
  readonly loseLease: () => void
}

/** Begins, lasts, and leaves things as they would be: the driver heals the terminal afterwards. */
export type Fault = (world: World) => Promise<void>

const seconds = ({ random }: World, from: number, to: number): number =>
  (from + random() * (to - from)) * SECOND_MS

/** Breaks something, and waits. */
const during =
  (from: number, to: number, begin: (world: World) => void): Fault =>
  async (world) => {
    begin(world)
    await world.clock.sleep(seconds(world, from, to))
  }

/** TWS goes away, and whoever comes meanwhile meets this door. */
const behind = (door: Door): Fault =>
  during(20, 90, ({ terminal }) => {
    terminal.condition.door = door
    terminal.drop('read ECONNRESET')
  })

const frameFault = (fault: FrameFault): Fault =>
  during(5, 20, ({ terminal }) => {
    terminal.condition.frameFault = fault
  })

const historyFault = (name: HistoryFaultName): Fault =>
  during(30, 90, ({ terminal }) => {
    terminal.condition.historyFault = name
  })

const babble = (bytes: (random: Random) => Buffer): Fault =>
  during(5, 15, ({ terminal, random }) => terminal.babble(bytes(random)))

const header = (length: number): Buffer => {
  const bytes = Buffer.alloc(64)
  bytes.writeInt32BE(length)
  return bytes
}

/** A frame of the right length that no message is. */
function noise(random: Random): Buffer {
  const bytes = Buffer.from(Array.from({ length: 204 }, () => Math.floor(random() * 256)))
  bytes.writeInt32BE(200)
  return bytes
}

const unknownMessage = Buffer.concat([Buffer.from([0, 0, 0, 8]), Buffer.from('9999\x001\x00\x00')])

/** 1100, and 1101 or 1102 after a while. */
const linkLoss =
  (code: 1101 | 1102, text: string): Fault =>
  async (world) => {
    const { terminal, clock } = world
    terminal.condition.linkLostAt = clock.now()
    terminal.notify(1100, 'Connectivity between IB and Trader Workstation has been lost.')
    await clock.sleep(seconds(world, 5, 50))
    terminal.condition.linkLostAt = null
    terminal.notify(code, text)
  }

const farmDown: Fault = async (world) => {
  const { terminal, clock } = world
  terminal.condition.isFarmDown = true
  terminal.notify(2105, 'HMDS data farm connection is broken:ushmds')
  await clock.sleep(seconds(world, 10, 80))
  terminal.condition.isFarmDown = false
  terminal.notify(2106, 'HMDS data farm connection is OK:ushmds')
}

const notices = (...codes: readonly number[]): Fault =>
  during(5, 20, ({ terminal }) => {
    for (const code of codes) terminal.notify(code, 'a notice')
  })

const inHistory = Object.fromEntries(
  (Object.keys(HISTORY_FAULTS) as HistoryFaultName[]).map((name) => [`history ${name}`, historyFault(name)]),
)

/** Every kind of fault, by name. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  'connection refused': behind({ is: 'refusing' }),
  'accepted and closed': behind({ is: 'closing' }),
  'accepted and silent': behind({ is: 'silent', silentAfter: 0 }),
  'silent after the version': behind({ is: 'silent', silentAfter: 1 }),
  'silent after the accounts': behind({ is: 'silent', silentAfter: 2 }),
  'handshake byte by byte': behind({ is: 'dribbling' }),
  'another protocol': behind({ is: 'babbling' }),
  'half open': during(5, 40, ({ terminal }) => terminal.stall()),
  'orderly close': during(5, 20, ({ terminal }) => terminal.drop(null)),
  reset: during(5, 20, ({ terminal }) => terminal.drop('read ECONNRESET')),
  'client id held': during(20, 60, ({ terminal }) => {
    terminal.condition.isIdHeld = true
    terminal.drop('read ECONNRESET')
  }),
  'slow network': during(30, 90, ({ terminal, random }) => {
    terminal.condition.extraLatencyMs = 500 + 2_500 * random()
  }),
  'reset within a frame': frameFault((line, bytes) => {
    line.sendWhole(bytes.subarray(0, bytes.length >> 1))
    line.close('read ECONNRESET')
  }),
  'half a frame, then silence': frameFault((line, bytes) => {
    line.sendWhole(bytes.subarray(0, bytes.length >> 1))
    line.sendWhole = () => {}
  }),
  'byte by byte': frameFault((line, bytes) => {
    const slow = Math.min(bytes.length, 300)
    for (let i = 0; i < slow; i++) line.sendWhole(bytes.subarray(i, i + 1), 10 * i)
    line.sendWhole(bytes.subarray(slow), 10 * slow)
  }),
  'garbage frame': babble(noise),
  'unknown message': babble(() => unknownMessage),
  'giant length': babble(() => header(0x7fffffff)),
  'negative length': babble(() => header(-4)),
  'zero length': babble(() => header(0)),
  'link lost, data lost': linkLoss(1101, 'Connectivity has been restored - data lost.'),
  'link lost, data kept': linkLoss(1102, 'Connectivity has been restored - data maintained.'),
  'link lost for good': during(80, 120, ({ terminal, clock }) => {
    terminal.condition.linkLostAt = clock.now()
    terminal.notify(1100, 'Connectivity between IB and Trader Workstation has been lost.')
  }),
  'history farm down': farmDown,
  'market data farm down': notices(2103, 2104),
  'farms inactive': notices(2107, 2108),
  'competing session': notices(10197),
  'port changed': notices(1300),
  'history slow': during(60, 120, ({ terminal }) => {
    terminal.condition.historyDelayMs = 25 * SECOND_MS
  }),
  'history too slow': during(60, 120, ({ terminal }) => {
    terminal.condition.historyDelayMs = 70 * SECOND_MS
  }),
  ...inHistory,
  'clock skew': during(60, 120, ({ skew, random }) => {
    skew.ms = Math.round(1_600 * random() - 800)
  }),
  'transactions fail': during(60, 120, ({ database }) => {
    database.failing = 60
  }),
  'database away': during(60, 120, ({ database }) => {
    database.failing = 100
  }),
  'lease lost': during(5, 20, ({ loseLease }) => loseLease()),
}

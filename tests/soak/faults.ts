import { type Clock, type Random, SECOND_MS } from '../../src/market/time.ts'
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

/** Begins, lasts, and leaves things as they would be. */
export type Fault = (world: World) => Promise<void>

/** Breaks something, waits so many seconds, and mends it with what was returned. */
const during =
  (from: number, to: number, begin: (world: World) => (() => void) | undefined): Fault =>
  async (world) => {
    const end = begin(world)
    await world.clock.sleep((from + world.random() * (to - from)) * SECOND_MS)
    end?.()
  }

/** A fault of the simulator's catalogue, for a while. */
const armed = (from: number, to: number, fault: string, terms: object = {}): Fault =>
  during(from, to, ({ terminal }) => terminal.arm(fault, terms))

/** One that meets a single message. */
const once = (fault: string, terms: object = {}): Fault => armed(10, 25, fault, { ...terms, times: 1 })

/** TWS goes away, and whoever comes meanwhile finds it so. */
const behind = (fault: string, terms: object = {}): Fault =>
  during(20, 90, ({ terminal }) => {
    const lift = terminal.arm(fault, terms)
    terminal.reset()
    return lift
  })

const linkLost = (from: number, to: number, restored: 1101 | 1102 | null): Fault =>
  during(from, to, ({ terminal }) => terminal.loseLink(restored))

const notice = (code: number): Fault => armed(5, 20, 'notice', { with: { code } })

/** Those of history from which the truth can be had again: it is in a later answer for the same time. */
const HISTORY = [
  ...['unanswered', 'noData', 'pacingViolation', 'queryCancelled', 'hmdsDisconnected', 'otherAddress'],
  ...['foreignId', 'duplicateBars', 'shuffledBars', 'impossibleBars', 'formingBar', 'lateBars'],
]

const inHistory = Object.fromEntries(HISTORY.map((name) => [`history ${name}`, armed(30, 90, name)]))

/** The whole day from its first byte to its last takes longer than any patience. */
const BYTE_BY_BYTE = { with: { milliseconds: 1_500, bytes: 1_000_000 } }

/** Every kind of fault, by name. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  'connection refused': behind('refuse', { for: 3_600 }),
  'accepted and closed': behind('acceptThenClose'),
  'accepted and silent': behind('silent', { with: { after: 'nothing' } }),
  'silent after the version': behind('silent', { with: { after: 'version' } }),
  'silent after the accounts': behind('silent', { with: { after: 'accounts' } }),
  'handshake byte by byte': behind('dribble', BYTE_BY_BYTE),
  'another protocol': behind('otherProtocol'),
  'client id held': behind('clientIdInUse'),
  'half open': armed(5, 40, 'halfOpen'),
  'half open for good': during(5, 40, ({ terminal }) => {
    terminal.stall()
    return undefined
  }),
  'orderly close': armed(5, 20, 'close'),
  reset: armed(5, 20, 'reset'),
  'slow network': armed(30, 90, 'latency', { with: { milliseconds: [500, 3_000] } }),
  'reset within a frame': once('resetMidFrame'),
  'half a frame, then silence': once('halfFrame'),
  'byte by byte': once('dribble', { with: { milliseconds: 10 } }),
  merged: armed(10, 25, 'merge', { with: { milliseconds: 400 } }),
  'garbage frame': once('garbage'),
  'unknown message': once('unknownMessage'),
  'too many fields': armed(10, 25, 'extraFields'),
  'giant length': once('badLength', { with: { length: 0x7fffffff } }),
  'negative length': once('badLength', { with: { length: -4 } }),
  'zero length': once('badLength', { with: { length: 0 } }),
  'link lost, data lost': linkLost(5, 50, 1101),
  'link lost, data kept': linkLost(5, 50, 1102),
  'link lost for good': linkLost(80, 120, null),
  'history farm down': armed(10, 80, 'farmBroken', { with: { farm: 'history' } }),
  'market data farm down': armed(5, 20, 'farmBroken', { with: { farm: 'marketData' } }),
  'farms inactive': armed(5, 20, 'farmsInactive'),
  'competing session': notice(10197),
  'port changed': notice(1300),
  'history slow': armed(60, 120, 'historyDelay', { with: { milliseconds: 25_000 } }),
  'history too slow': armed(60, 120, 'historyDelay', { with: { milliseconds: 70_000 } }),
  ...inHistory,
  'clock skew': during(60, 120, ({ skew, random }) => {
    skew.ms = Math.round(1_600 * random() - 800)
    return undefined
  }),
  'transactions fail': failing(60),
  'database away': failing(100),
  'lease lost': during(5, 20, ({ loseLease }) => {
    loseLease()
    return undefined
  }),
}

function failing(percent: number): Fault {
  return during(60, 120, ({ database }) => {
    database.failing = percent
    return () => {
      database.failing = 0
    }
  })
}

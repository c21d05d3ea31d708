import { NEWEST_VERSION } from './handshake.ts'

/** What IB leaves open, or what a test wants otherwise. */
export interface Switches {
  /** The newest level of the protocol that the server knows: 176 to 193. */
  readonly maxVersion: number
  /**
   * What becomes of a request that breaks a limit of historical data: `strict` it is refused (162) · `delay` it waits
   * until it is within the limits · `disconnect` it is refused, and its client disconnected · `off` nothing.
   */
  readonly pacing: 'strict' | 'delay' | 'disconnect' | 'off'
  /** Requests that were refused for a limit take room in it all the same. */
  readonly refusedCount: boolean
  /** 50 messages a second enforced (100), or not counted. */
  readonly messageRate: 'strict' | 'off'
  /** At which full second of a client its connection is closed: users tell of the third. */
  readonly rateWarnings: number
  /** A client whose id is in use (326) is hung up on; whether TWS always does is not known. */
  readonly idInUseCloses: boolean
  /** Whether a client is told the completed orders of others: not known of IB. */
  readonly completedOfOthers: boolean
  /** Bars of 30 seconds and less are gone after six months. */
  readonly smallBarsExpire: boolean
  /** Times of TRADES in which nothing traded: IB leaves such seconds out or sends them flat with a volume of 0. */
  readonly quietBars: 'missing' | 'flat'
  /**
   * History is told as if all splits until now had been made before: prices divided, volumes multiplied. IB says so of
   * TRADES (Historical Data Types), and nothing of quotes. ADJUSTED_LAST always is so, and the same: there are no
   * dividends here. Ticks, live and of the past, and the bars of a day itself are as traded.
   */
  readonly splitAdjusted: boolean
  /** What seconds of a duration count in regular hours: time, or open time that reaches into the session before. */
  readonly regularHoursReach: 'clock' | 'trading'
  /** How late the newest seconds come: users tell of none to several seconds. Market milliseconds. */
  readonly newestBarsLagMs: number
  /** How long they hold only their first trade before they are whole. Market milliseconds. */
  readonly newestBarsUnsettledMs: number
  /** How often bars are kept up to date: users tell of about five seconds. Market milliseconds. */
  readonly keepUpToDateEveryMs: number
  /** Whether a bar that has closed is told once more, whole, before the next one: not known of IB. */
  readonly lastUpdate: 'sent' | 'skipped'
  /** The login has no live data. */
  readonly delayedData: boolean
  /** Without live data, delayed ones are to be had (10089, 10167); else there are none at all (354, 10168). */
  readonly delayedAvailable: boolean
  /** IB: Market Data Lines, for all clients together. */
  readonly dataLines: number
  /** IB: as many as books of market depth, three for up to 399 lines. */
  readonly tickByTickLines: number
  /** How long after a snapshot its end is told. Market milliseconds. */
  readonly snapshotMs: number
  /** How long a request for historical data takes, in real milliseconds. */
  readonly historyDelayMs: number
  /** Nothing may be ordered, nor orders be read (321). */
  readonly readOnly: boolean
  /** Somebody else has logged in: there is no data (10197, 162). */
  readonly competingSession: boolean
  /** The client that sees what every client orders and executes; null for none. */
  readonly masterClientId: number | null
  /** How an order's empty `transmit` is read: not known of IB, whose own clients never leave it empty. */
  readonly emptyTransmits: boolean
  /** When a client is told its open orders unasked: before or after its first order id, or never. */
  readonly openOrdersAtConnect: 'before' | 'after' | 'never'
  /** The most of a second's volume that one order gets: 0.5 is half. */
  readonly fillShare: number
  /** What a client may leave unread before it is dropped: one that does not read must not fill our memory. */
  readonly maxUnreadBytes: number
}

export const DEFAULT_SWITCHES: Switches = {
  maxVersion: NEWEST_VERSION,
  pacing: 'strict',
  refusedCount: false,
  messageRate: 'strict',
  rateWarnings: 3,
  idInUseCloses: true,
  completedOfOthers: true,
  smallBarsExpire: true,
  quietBars: 'missing',
  splitAdjusted: true,
  regularHoursReach: 'clock',
  newestBarsLagMs: 0,
  newestBarsUnsettledMs: 0,
  keepUpToDateEveryMs: 5_000,
  lastUpdate: 'sent',
  delayedData: false,
  delayedAvailable: true,
  dataLines: 100,
  tickByTickLines: 3,
  snapshotMs: 11_000,
  historyDelayMs: 0,
  readOnly: false,
  competingSession: false,
  masterClientId: null,
  emptyTransmits: false,
  openOrdersAtConnect: 'after',
  fillShare: 0.5,
  maxUnreadBytes: 32 * 1024 * 1024,
}

import type { EpochMs } from '../market/time.ts'

export type ConnectionState =
  | 'standby'
  | 'connecting'
  | 'handshake'
  | 'syncing'
  | 'ready'
  | 'linkDown'
  | 'backoff'
  | 'closed'

export type FarmState = 'unknown' | 'ok' | 'inactive' | 'broken'

/** What the gateway knows of its connection. `since` is market time. */
export interface GatewayStatus {
  readonly state: ConnectionState
  readonly since: EpochMs
  /** Why it is not ready, in a sentence. */
  readonly reason: string | null
  readonly serverVersion: number | null
  readonly account: string | null
  readonly accountType: 'paper' | 'live' | null
  /** TWS takes no orders from programs. */
  readonly readOnly: boolean
  /** Another login uses the market data: nothing comes, or not from here. */
  readonly competing: boolean
  /** Some data comes late. */
  readonly delayed: boolean
  /** The absence by IB's plan that explains why it is not ready, if one does. */
  readonly plannedDowntime: 'nightlyReset' | 'weekend' | 'weeklyLogin' | null
  /** A person must log in to TWS. */
  readonly needsLogin: boolean
  /** How far TWS's clock is ahead of the market's, or null before it was told. */
  readonly clockSkewMs: number | null
  readonly farms: Readonly<Record<'marketData' | 'historical' | 'securityDefinition', FarmState>>
}

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
  readonly readOnly: boolean
  readonly farms: Readonly<Record<'marketData' | 'historical' | 'securityDefinition', FarmState>>
}

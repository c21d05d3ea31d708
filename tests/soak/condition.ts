import type { EpochMs } from '../../src/market/time.ts'
import type { HISTORY_FAULTS } from '../../src/simulator/faults.ts'
import type { Line } from './line.ts'

/** Whether a client that comes is let in, and how far it gets. `silentAfter` counts messages of the server. */
export type Door =
  | { readonly is: 'open' | 'refusing' | 'closing' | 'babbling' | 'dribbling' }
  | { readonly is: 'silent'; readonly silentAfter: number }

/** Something wrong with the bytes of one message. */
export type FrameFault = (line: Line, bytes: Buffer) => void

export type HistoryFaultName = keyof typeof HISTORY_FAULTS

/** What is wrong with a terminal at present. */
export interface Condition {
  door: Door
  extraLatencyMs: number
  /** Meets the next message, and only that. */
  frameFault: FrameFault | null
  historyFault: HistoryFaultName | null
  historyDelayMs: number
  isIdHeld: boolean
  isFarmDown: boolean
  /** When the link to IB was lost; until it is restored, or a client comes anew, no history is answered. */
  linkLostAt: EpochMs | null
}

export const healthy = (): Condition => ({
  door: { is: 'open' },
  extraLatencyMs: 0,
  frameFault: null,
  historyFault: null,
  historyDelayMs: 0,
  isIdHeld: false,
  isFarmDown: false,
  linkLostAt: null,
})

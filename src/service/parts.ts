import { hostname } from 'node:os'
import type { openPool } from '../../db/connect.ts'
import { machineClock } from '../clock/machine.ts'
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import type { MarketTime } from '../marketTime.ts'
import type { EventBell } from '../ports/eventStreams.ts'
import type { Seams } from '../seams.ts'
import type { KillLatch } from '../trading/killLatch.ts'
import type { AccountPolicy } from '../trading/traderDeps.ts'
import type { openWebhooks } from '../webhookPart.ts'
import type { Work } from './work.ts'

/** Ends what was started; called in the reverse order. */
export type Undo = () => Promise<unknown>

export type Pool = ReturnType<typeof openPool>

/** This process, for the eyes of an operator. */
export const HOLDER = `${hostname()}/${process.pid}`

/** What a store reads of the machine. */
export const edges = { clock: machineClock, random: Math.random }

/** What the parts of a service have in common. */
export interface ServiceParts {
  readonly config: Config
  readonly version: string
  readonly log: Log
  readonly undo: Undo[]
  readonly seams: Seams
  readonly market: MarketTime
  readonly work: Work
  readonly latch: KillLatch
  readonly bell: EventBell
  readonly webhooks: ReturnType<typeof openWebhooks>
  readonly url: string
}

/** Whose money may be traded; null for nobody's. */
export const accountsOf = ({ trading }: Config): AccountPolicy | null =>
  trading.kind === 'off' ? null : trading

import { whileHolding } from './holding.ts'
import type { Log } from './log.ts'
import type { Clock, Random } from './market/time.ts'
import type { EventBell } from './ports/eventStreams.ts'
import type { Lease } from './ports/lease.ts'
import type { QueueRunner } from './ports/queue.ts'
import type { Stores } from './ports/stores.ts'
import type { Allowed } from './webhook/address.ts'
import { runCourier } from './webhook/courier.ts'
import { Endpoints } from './webhook/endpoints.ts'
import { httpPost } from './webhook/post.ts'
import { dnsResolve } from './webhook/resolve.ts'
import { openVault } from './webhook/vault.ts'

export interface WebhookDeps {
  /** What encrypts the secrets at rest. */
  readonly key: Uint8Array
  readonly allowed: Allowed
  readonly version: string
  /** See `DeliverDeps`. */
  readonly waits?: readonly number[]
  readonly market: Clock
  readonly machine: Clock
  readonly random: Random
  readonly randomBytes: (count: number) => Uint8Array
  readonly log: Log
}

export interface DeliveringDeps {
  /** On connections of their own: nothing else waits for a delivery. */
  readonly stores: Stores
  readonly lease: Lease
  readonly runner: QueueRunner
  readonly bell: EventBell
}

const TOLD = { begun: 'this process delivers webhooks', ended: 'this process no longer delivers webhooks' }

/** Who is told, for the API; and the telling, which any process may do, one at a time. */
export function openWebhooks(deps: WebhookDeps) {
  const { machine, random, log, allowed } = deps
  const vault = openVault(deps.key, deps.randomBytes)
  const resolve = dnsResolve()
  const userAgent = `ibkr-pivot-engine/${deps.version}`
  return {
    endpoints: (stores: Stores) => new Endpoints({ ...deps, stores, vault, resolve }),
    deliver({ lease, ...parts }: DeliveringDeps, signal: AbortSignal): Promise<void> {
      const post = httpPost(machine)
      const { waits } = deps
      const courier = { ...parts, vault, resolve, allowed, post, machine, random, userAgent, log }
      const timed = waits === undefined ? courier : { ...courier, waits }
      const holding = { lease, machine, log }
      return whileHolding(holding, TOLD, (_, ended) => runCourier(timed, ended), signal)
    },
  }
}

import { randomBytes } from 'node:crypto'
import { openPool } from '../../db/connect.ts'
import { openLease } from '../../db/lease.ts'
import { openQueueRunner } from '../../db/queueRunner.ts'
import { openStores } from '../../db/stores.ts'
import { machineClock } from '../clock/machine.ts'
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import type { MarketTime } from '../marketTime.ts'
import { webhookKey } from '../webhookKey.ts'
import { openWebhooks } from '../webhookPart.ts'
import { edges, HOLDER, type ServiceParts } from './parts.ts'

/** With the key of DATA_DIR, made at the first start. */
export async function webhooksOf(config: Config, version: string, market: MarketTime, log: Log) {
  return openWebhooks({
    key: await webhookKey(config.dataDir),
    allowed: config.webhookAllow,
    ...{ version, log, randomBytes },
    market: market.clock,
    machine: machineClock,
    random: Math.random,
  })
}

/** On connections of its own, whoever leads: what strangers answer holds nothing up. */
export function startDelivering({ url, log, undo, bell, webhooks }: ServiceParts): void {
  const pool = openPool({ url, purpose: 'deliveries', log })
  undo.push(() => pool.end())
  const stopping = new AbortController()
  const delivering = webhooks.deliver(
    {
      stores: openStores(pool, edges),
      bell,
      lease: openLease({ url, clock: machineClock, holder: HOLDER, name: 'webhooks' }),
      runner: openQueueRunner({ url, log, clock: machineClock, purpose: 'webhooks', concurrency: 8 }),
    },
    stopping.signal,
  )
  undo.push(() => {
    stopping.abort(new Error('the service is stopping'))
    return delivering
  })
}

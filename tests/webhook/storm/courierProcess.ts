import { openPool } from '../../../db/connect.ts'
import { openEventBell } from '../../../db/eventBell.ts'
import { openLease } from '../../../db/lease.ts'
import { openQueueRunner } from '../../../db/queueRunner.ts'
import { openStores } from '../../../db/stores.ts'
import { machineClock as clock } from '../../../src/clock/machine.ts'
import { createLog } from '../../../src/log.ts'
import { stormWebhooks } from './webhooks.ts'

/** A process that delivers until it is killed. */
const url = process.env.DATABASE_URL!
const log = createLog('error')
const stores = openStores(openPool({ url, purpose: 'deliveries', log }), { clock, random: Math.random })

await stormWebhooks().deliver(
  {
    stores,
    lease: openLease({ url, clock, holder: `storm/${process.pid}`, name: 'webhooks' }),
    runner: openQueueRunner({ url, log, clock, purpose: 'webhooks', concurrency: 8 }),
    bell: openEventBell({ url, clock, log }),
  },
  new AbortController().signal,
)

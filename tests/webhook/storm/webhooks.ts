import { randomBytes } from 'node:crypto'
import { machineClock } from '../../../src/clock/machine.ts'
import { createLog } from '../../../src/log.ts'
import { openWebhooks } from '../../../src/webhookPart.ts'

/** A schedule of ten tries in a second and a half. */
const WAITS = [10, 20, 40, 80, 160, 200, 300, 300, 400]

/** The same in every process of a storm. */
export const stormWebhooks = () =>
  openWebhooks({
    key: Buffer.alloc(32, 7),
    allowed: { http: true, ranges: ['127.0.0.0/8'], ports: [] },
    version: 'storm',
    waits: WAITS,
    market: machineClock,
    machine: machineClock,
    random: Math.random,
    randomBytes,
    log: createLog('error'),
  })

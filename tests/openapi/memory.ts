import { createApp } from '../../routes/app.ts'
import type { AppDeps } from '../../routes/deps.ts'
import { missing } from '../../src/errors.ts'
import type { Log } from '../../src/log.ts'
import { parseInstant, plus } from '../../src/market/time.ts'
import type { StorageUse } from '../../src/ports/storage.ts'
import type { Stores } from '../../src/ports/stores.ts'
import { manualClock } from '../support/manualClock.ts'

export const NOW = parseInstant('2013-10-09T14:00:00Z')
export const TOKEN = 'ipe_test'

const silent: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silent,
}

/** Stores that hold nothing: enough for what is decided before a store is asked. */
const nothing = {
  instruments: { list: async () => [], find: async () => null, track: async () => null },
  backfills: { list: async () => [], find: async () => null },
  backtests: { list: async () => [] },
  quarantine: { list: async () => [], decide: async () => null },
  idempotency: { find: async () => null, save: async () => true },
} as unknown as Stores

const NO_USE: StorageUse = {
  bytes: 0,
  tables: [],
  seconds: { rows: 0, bytes: 0 },
  archived: { seconds: 0, days: 0, bytes: 0 },
  secondsPerDay: 0,
}

/** What an app asks, in a service that has just begun and holds nothing. */
export function depsOf(changed: Partial<AppDeps> = {}): AppDeps {
  const clock = manualClock(NOW)
  const lanes = { trader: 0, live: 0, repair: 0, backfill: 0 }
  const farms = { marketData: 'ok', historical: 'ok', securityDefinition: 'ok' } as const
  return {
    stores: nothing,
    market: clock,
    machine: clock,
    pacing: { usage: async () => ({ limit: 58, used: 0, nextFreeAt: NOW, lanes }) },
    gateway: {
      simulated: true,
      status: () => ({
        state: 'ready',
        since: plus(NOW, -1_000),
        reason: null,
        serverVersion: 178,
        account: 'DU1234567',
        accountType: 'paper',
        readOnly: true,
        competing: false,
        delayed: false,
        plannedDowntime: null,
        needsLogin: false,
        clockSkewMs: 0,
        farms,
      }),
      qualify: async () => Promise.reject(new Error('not asked')),
    },
    backtests: {
      submit: async () => Promise.reject(new Error('not asked')),
      withdraw: async () => null,
      find: async (id) => Promise.reject(missing(id)),
      trades: async (id) => Promise.reject(missing(id)),
      equity: async (id) => Promise.reject(missing(id)),
      decisions: async (id) => Promise.reject(missing(id)),
      picture: async (id) => Promise.reject(missing(id)),
    },
    backfills: {
      request: async () => Promise.reject(new Error('not asked')),
      cancel: async () => null,
      etas: async (all) => all.map(() => null),
    },
    jobs: { list: async () => [], run: async () => Promise.reject(new Error('not asked')) },
    imports: { run: async () => Promise.reject(new Error('not asked')) },
    storage: { use: async () => NO_USE },
    retentionDays: null,
    readiness: async () => [],
    collectSession: 'rth',
    access: { token: TOKEN, openReads: true, hosts: ['localhost'] },
    version: '0.0.0',
    log: silent,
    ...changed,
  }
}

export const appOf = (changed: Partial<AppDeps> = {}) => createApp(depsOf(changed))

import { randomBytes } from 'node:crypto'
import { linked, NOTHING } from '../../db/auditChain.ts'
import { createApp } from '../../routes/app.ts'
import type { AppDeps } from '../../routes/deps.ts'
import type { Rates } from '../../src/access/rates.ts'
import { digestOf, SECRET_BYTES, secretOf } from '../../src/access/secret.ts'
import { Tokens } from '../../src/access/tokens.ts'
import { missing } from '../../src/errors.ts'
import type { Log } from '../../src/log.ts'
import { type Clock, parseInstant, plus } from '../../src/market/time.ts'
import type { AuditFields } from '../../src/ports/audit.ts'
import type { StorageUse } from '../../src/ports/storage.ts'
import type { Stores } from '../../src/ports/stores.ts'
import type { LiveToken, TokenStore } from '../../src/ports/tokens.ts'
import type { Trading } from '../../src/ports/trading.ts'
import type { Webhooks } from '../../src/ports/webhooks.ts'
import { manualClock } from '../support/manualClock.ts'

export const NOW = parseInstant('2013-10-09T14:00:00Z')

/** A token of every scope, in every app that is made here. */
export const TOKEN = secretOf(new Uint8Array(SECRET_BYTES))

const FIRST: LiveToken = {
  id: 'token-of-tests',
  name: 'tests',
  scopes: ['read', 'trade', 'admin'],
  createdAt: NOW,
  expiresAt: null,
  lastUsedAt: null,
  revokedAt: null,
  digest: digestOf(TOKEN),
}

const silent: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silent,
}

/** Stores that hold nothing: enough for what is decided before a store is asked. */
const nothing: Stores = {
  instruments: { list: async () => [], find: async () => null, track: async () => null },
  backfills: { list: async () => [], find: async () => null },
  backtests: { list: async () => [] },
  quarantine: { list: async () => [], decide: async () => null },
  webhooks: { list: async () => [] },
  events: { list: async () => [], latest: async () => 0 },
  idempotency: {
    begin: async (_route: string, _key: string, bodyHash: string) => ({
      bodyHash,
      subject: 's',
      answer: null,
    }),
    finish: async () => true,
    forget: async () => {},
  },
  traders: { find: async () => null },
  audit: { append: async (fields: AuditFields) => linked(NOTHING, fields), list: async () => [] },
  transaction: (work: (stores: Stores) => Promise<unknown>) => work(nothing),
  tokens: { list: async () => [], revoke: async () => null },
} as unknown as Stores

/** Knows no webhook, and makes none. */
const unasked: Webhooks = {
  create: async () => Promise.reject(new Error('not asked')),
  find: async (id) => Promise.reject(missing(id)),
  change: async (id) => Promise.reject(missing(id)),
  remove: async (id) => Promise.reject(missing(id)),
  rotate: async (id) => Promise.reject(missing(id)),
  test: async (id) => Promise.reject(missing(id)),
  redeliver: async (id) => Promise.reject(missing(id)),
}

const NO_USE: StorageUse = {
  bytes: 0,
  tables: [],
  seconds: { rows: 0, bytes: 0 },
  archived: { seconds: 0, days: 0, bytes: 0 },
  secondsPerDay: 0,
}

/** A machine's clock that stands still fills no bucket again. */
const UNLIMITED = { perSecond: 1_000, burst: 1_000_000 }

const UNHURRIED: Rates = {
  ...{ read: UNLIMITED, heavy: UNLIMITED, trade: UNLIMITED },
  ...{ failure: UNLIMITED, refusal: UNLIMITED },
}

/** A store with that token alone. */
export const TOKEN_ALONE = {
  live: async () => [FIRST],
  withDigest: async () => null,
  touch: async () => {},
} as unknown as TokenStore

export const tokensOf = (store: TokenStore, machine: Clock = manualClock(NOW)): Tokens =>
  new Tokens({ store, machine, randomBytes, log: silent })
const notAsked = async () => Promise.reject(new Error('not asked'))

const noTrading: Trading = {
  standing: () => ({ asOf: NOW, isReconciled: false }),
  positions: async () => [],
  orders: async () => [],
  executions: async () => [],
  trades: async () => [],
  accounts: async () => [],
  trader: notAsked,
  change: notAsked,
  flatten: notAsked,
  panic: notAsked,
  decisions: async () => [],
  parity: notAsked,
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
    metrics: { mediaType: 'text/plain', text: async () => '', answered: () => {}, ran: () => {} },
    webhooks: unasked,
    eventStreams: { open: async () => Promise.reject(new Error('not asked')) },
    trading: noTrading,
    jobs: { list: async () => [], run: async () => Promise.reject(new Error('not asked')) },
    imports: { run: async () => Promise.reject(new Error('not asked')) },
    storage: { use: async () => NO_USE },
    retentionDays: null,
    readiness: async () => [],
    collectSession: 'rth',
    access: { openReads: true, hosts: ['localhost'] },
    tokens: tokensOf(TOKEN_ALONE),
    rates: UNHURRIED,
    version: '0.0.0',
    log: silent,
    ...changed,
  }
}

export const appOf = (changed: Partial<AppDeps> = {}) => createApp(depsOf(changed))

import { afterAll, afterEach, describe } from 'vitest'
import { openLease } from '../../db/lease.ts'
import { pacingLedger } from '../../db/pacing.ts'
import { openQueueRunner } from '../../db/queueRunner.ts'
import { machineClock } from '../../src/clock/machine.ts'
import { createLog } from '../../src/log.ts'
import { auditStoreContract } from '../contracts/audit.ts'
import { backfillStoreContract } from '../contracts/backfills.ts'
import { backtestStoreContract } from '../contracts/backtests.ts'
import { coverageStoreContract } from '../contracts/coverage.ts'
import { eventStoreContract } from '../contracts/events.ts'
import { idempotencyStoreContract } from '../contracts/idempotency.ts'
import { instrumentStoreContract } from '../contracts/instruments.ts'
import { jobRunStoreContract } from '../contracts/jobRuns.ts'
import { leaseContract } from '../contracts/lease.ts'
import { pacingLedgerContract } from '../contracts/pacingLedger.ts'
import { queueContract } from '../contracts/queue.ts'
import { tokenStoreContract } from '../contracts/tokens.ts'
import { webhookStoreContract } from '../contracts/webhooks.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

const database = await testDatabase()
afterAll(database.drop)

describe('instruments', () => instrumentStoreContract(async () => database.stores.instruments))
describe('job runs', () => jobRunStoreContract(async () => database.stores.jobRuns))
describe('idempotency', () => idempotencyStoreContract(async () => database.stores.idempotency))
describe('coverage', () => coverageStoreContract(async () => database.stores))
describe('pacing ledger', () => pacingLedgerContract(async () => pacingLedger(database.pool)))
describe('lease', () => leaseContract(() => openLease({ ...outside(database), holder: 'a test' })))

describe('with a database for each test', () => {
  let own: TestDatabase
  const open = async () => {
    own = await testDatabase()
    return own
  }
  afterEach(() => own.drop())

  describe('backfills', () => backfillStoreContract(async () => (await open()).stores))
  describe('backtests', () => backtestStoreContract(async () => (await open()).stores.backtests))
  describe('webhooks', () => webhookStoreContract(async () => (await open()).stores))
  describe('events', () => eventStoreContract(async () => (await open()).stores))
  describe('audit', () => auditStoreContract(async () => (await open()).stores.audit))
  describe('tokens', () => tokenStoreContract(async () => (await open()).stores.tokens))
  describe('queue', () =>
    queueContract(async () => {
      const { stores, ...rest } = await open()
      return { stores, runner: () => openQueueRunner(outside(rest)) }
    }))
})

/** What another process knows of the database. */
const outside = ({ url }: Pick<TestDatabase, 'url'>) => ({
  url,
  clock: machineClock,
  log: createLog('silent'),
})

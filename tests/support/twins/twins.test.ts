import { describe, expect, test } from 'vitest'
import { machineClock } from '../../../src/clock/machine.ts'
import { BarSeries } from '../../../src/market/series.ts'
import { auditStoreContract } from '../../contracts/audit.ts'
import { backfillStoreContract } from '../../contracts/backfills.ts'
import { backtestStoreContract } from '../../contracts/backtests.ts'
import { barStoreContract } from '../../contracts/bars.ts'
import { coverageStoreContract } from '../../contracts/coverage.ts'
import { decisionStoreContract } from '../../contracts/decisions.ts'
import { eventStoreContract } from '../../contracts/events.ts'
import { executionStoreContract } from '../../contracts/executions.ts'
import { idempotencyStoreContract } from '../../contracts/idempotency.ts'
import { instrumentStoreContract } from '../../contracts/instruments.ts'
import { intentStoreContract } from '../../contracts/intents.ts'
import { jobRunStoreContract } from '../../contracts/jobRuns.ts'
import { leaseContract } from '../../contracts/lease.ts'
import { pacingLedgerContract } from '../../contracts/pacingLedger.ts'
import { queueContract } from '../../contracts/queue.ts'
import { tokenStoreContract } from '../../contracts/tokens.ts'
import { traderStoreContract } from '../../contracts/traders.ts'
import { webhookStoreContract } from '../../contracts/webhooks.ts'
import { bar, secondAt, spy } from '../bars.ts'
import { memoryDatabase } from './database.ts'
import { memoryLease } from './lease.ts'
import { memoryPacingLedger } from './pacingLedger.ts'

const stores = async () => memoryDatabase().stores
const lease = memoryLease()

describe('instruments', () => instrumentStoreContract(async () => (await stores()).instruments))
describe('bars', () => barStoreContract(stores))
describe('coverage', () => coverageStoreContract(stores))
describe('backfills', () => backfillStoreContract(stores))
describe('backtests', () => backtestStoreContract(async () => (await stores()).backtests))
describe('webhooks', () => webhookStoreContract(stores))
describe('events', () => eventStoreContract(stores))
describe('job runs', () => jobRunStoreContract(async () => (await stores()).jobRuns))
describe('idempotency', () => idempotencyStoreContract(async () => (await stores()).idempotency))
describe('traders', () => traderStoreContract(stores))
describe('intents', () => intentStoreContract(stores))
describe('audit', () => auditStoreContract(async () => (await stores()).audit))
describe('tokens', () => tokenStoreContract(async () => (await stores()).tokens))
describe('executions', () => executionStoreContract(stores))
describe('decisions', () => decisionStoreContract(stores))
describe('pacing ledger', () => pacingLedgerContract(async () => memoryPacingLedger()))
describe('lease', () => leaseContract(() => lease))
describe('queue', () =>
  queueContract(async () => {
    const { stores, runner } = memoryDatabase()
    return { stores, runner: () => runner(machineClock) }
  }))

const span = { from: secondAt(0), to: secondAt(60) }

test('a transaction that fails leaves nothing behind, in any store', async () => {
  const { stores } = memoryDatabase()
  const instrument = await stores.instruments.save(spy)
  const failed = stores.transaction(async ({ coverage, backfills }) => {
    await coverage.mark(instrument, '1s', span, 'done')
    await backfills.create({ ...span, instrument, session: 'rth', createdAt: secondAt(0), chunks: [span] })
    throw new Error('undone')
  })
  await expect(failed).rejects.toThrow('undone')
  expect(await stores.coverage.between(instrument, '1s', span)).toEqual([])
  expect(await stores.backfills.waitingCount()).toBe(0)
})

test('nobody outside sees half a transaction', async () => {
  const { stores } = memoryDatabase()
  const instrument = await stores.instruments.save(spy)
  const marking = stores.transaction(async ({ coverage }) => {
    await coverage.mark(instrument, '1s', span, 'partial')
    await Promise.resolve()
    await coverage.mark(instrument, '1s', span, 'done')
  })
  const seen = await stores.coverage.between(instrument, '1s', span)
  expect(seen).toEqual([{ ...span, state: 'done' }])
  await marking
})

test('what a later answer changes is kept as a revision, and what cannot be a bar is put aside', async () => {
  const { stores } = memoryDatabase()
  const instrument = await stores.instruments.save(spy)
  const rejected = [{ time: secondAt(1), reason: 'high < low', sample: '{}' }]
  await stores.bars.upsert(instrument, '1s', BarSeries.of([bar(0)]), { rejected })
  await stores.bars.upsert(instrument, '1s', BarSeries.of([bar(0, { volume: 5 })]), { source: 'repair' })
  const revisions = await stores.revisions.list({ ...span, instrument, size: '1s' }, { limit: 9 })
  expect(revisions).toMatchObject([{ before: bar(0), source: 'repair' }])
  expect(await stores.quarantine.list({ limit: 9 })).toMatchObject([
    { reason: 'high < low', state: 'rejected' },
  ])
})

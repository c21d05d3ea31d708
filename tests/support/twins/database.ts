import { machineClock } from '../../../src/clock/machine.ts'
import type { Clock } from '../../../src/market/time.ts'
import type { EventBell } from '../../../src/ports/eventStreams.ts'
import type { Stores } from '../../../src/ports/stores.ts'
import { memoryAudit } from './audit.ts'
import { memoryBackfills } from './backfills.ts'
import { memoryBacktests } from './backtests.ts'
import { type MemoryBars, memoryBars } from './bars.ts'
import { memoryCoverage } from './coverage.ts'
import { memoryDecisions } from './decisions.ts'
import { memoryBell } from './eventBell.ts'
import { memoryEvents } from './events.ts'
import { memoryExecutions } from './executions.ts'
import { memoryIdempotency } from './idempotency.ts'
import { memoryInstruments } from './instruments.ts'
import { type IntentLook, memoryIntents } from './intents.ts'
import { memoryJobRuns } from './jobRuns.ts'
import { memoryQuarantine } from './quarantine.ts'
import { type MemoryQueue, memoryQueue } from './queue.ts'
import { memoryRevisions } from './revisions.ts'
import { Journal, type OnWrite } from './table.ts'
import { memoryTokens } from './tokens.ts'
import { memoryTraders } from './traders.ts'
import { inTurn, Turn } from './turn.ts'
import { memoryWebhooks } from './webhooks.ts'

export interface MemoryDatabase {
  readonly stores: Stores
  readonly runner: MemoryQueue['runner']
  readonly forget: MemoryBars['forget']
  readonly look: IntentLook
  /** Rings after every transaction and every event that stands alone. */
  readonly bell: EventBell
}

export interface MemoryDatabaseDeps {
  /** Machine time. */
  readonly clock?: Clock
  readonly onWrite?: OnWrite
}

/** The stores in memory: the same answers as on PostgreSQL, without its durability. */
export function memoryDatabase({ clock = machineClock, onWrite }: MemoryDatabaseDeps = {}): MemoryDatabase {
  const journal = new Journal(onWrite)
  const now = () => clock.now()
  const revisions = memoryRevisions(journal, now)
  const quarantine = memoryQuarantine(journal, now)
  const turn = new Turn()
  const jobs = memoryQueue(journal)
  const { forget, ...bars } = memoryBars({ journal, revisions, quarantine })
  const outbox = memoryEvents(journal)
  const { mustExist, look, ...intents } = memoryIntents(journal)
  const inside: Omit<Stores, 'transaction'> = {
    instruments: memoryInstruments(journal),
    bars,
    coverage: memoryCoverage(journal),
    revisions,
    quarantine,
    backfills: memoryBackfills(journal),
    backtests: memoryBacktests(journal, now),
    events: outbox,
    webhooks: memoryWebhooks(journal, outbox, now),
    jobRuns: memoryJobRuns(journal),
    idempotency: memoryIdempotency(journal),
    queue: jobs.queue,
    traders: memoryTraders(journal),
    intents,
    executions: memoryExecutions(journal, mustExist),
    decisions: memoryDecisions(journal, mustExist),
    tokens: memoryTokens(journal),
    audit: memoryAudit(journal),
  }
  const { runner, wake } = jobs
  const queue: Stores['queue'] = {
    async add(...job) {
      while (turn.taken !== null) await turn.taken
      await jobs.queue.add(...job)
      wake()
    },
  }
  const { bell, ring } = memoryBell()
  const outside = allInTurn(turn, inside)
  const events: Stores['events'] = {
    ...outside.events,
    async append(made) {
      const placed = await outside.events.append(made)
      ring()
      return placed
    },
  }
  const transaction: Stores['transaction'] = async (work) => {
    const result = await turn.take(() =>
      atomically(journal, () => work({ ...inside, transaction: noNesting })),
    )
    wake()
    ring()
    return result
  }
  return { stores: { ...outside, events, queue, transaction }, runner, forget, look, bell }
}

const noNesting = () => Promise.reject(new Error('transactions are not nested'))

async function atomically<T>(journal: Journal, work: () => Promise<T>): Promise<T> {
  journal.begin()
  try {
    const result = await work()
    journal.commit()
    return result
  } catch (error) {
    journal.rollBack()
    throw error
  }
}

const allInTurn = <S extends object>(turn: Turn, stores: S): S =>
  Object.fromEntries(Object.entries(stores).map(([name, store]) => [name, inTurn(turn, store)])) as S

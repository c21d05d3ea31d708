import { isRetryable, messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import { type CoverageRange, wasAnswered } from '../market/coverage.ts'
import { type Clock, epochMs, MINUTE_MS, plus, SECOND_MS } from '../market/time.ts'
import type { Backfill, Chunk } from '../ports/backfills.ts'
import type { MarketData } from '../ports/marketData.ts'
import type { PacingSlot } from '../ports/pacingSlot.ts'
import type { Payload, Task } from '../ports/queue.ts'
import type { Stores } from '../ports/stores.ts'
import { type BarsAnswer, outcomeOf } from './answered.ts'
import { finished } from './finished.ts'

/** IB calls two equal requests within 15 s identical; each further try waits twice as long. */
const FIRST_RETRY_MS = 16 * SECOND_MS
const MAX_ATTEMPTS = 3
/** "No data", and bars that cannot be, count when they are said twice, this far apart. */
const CONFIRM_AFTER_MS = MINUTE_MS
const EMPTY_ANSWERS = 2

export interface FetchDeps {
  readonly stores: Stores
  readonly marketData: MarketData
  readonly market: Clock
  readonly log: Log
  readonly isReady: () => boolean
}

/**
 * The queue's task: one chunk, one request, one transaction. Its payload carries the place in the budget. Whatever
 * happens, the chunk ends done, empty or failed, or waits again; the job itself always succeeds, so the queue never
 * repeats a request on its own.
 */
export const fetchChunk =
  (deps: FetchDeps): Task =>
  async (payload, signal) => {
    const chunk = await deps.stores.backfills.chunk(String(payload.chunkId))
    if (chunk === null) return
    const slot = slotOf(payload)
    if (deps.market.now() > slot.sendBefore) return unsent(deps, chunk, 'its place in the budget has passed')
    try {
      const answer = await deps.marketData.historicalBars(chunk, slot, signal)
      if (answer.kind === 'bars') await storeChunk(deps, chunk, answer)
      else await noData(deps, chunk)
    } catch (error) {
      if (signal.aborted || !deps.isReady()) await unsent(deps, chunk, messageOf(error))
      else await failed(deps, chunk, error)
    }
  }

const slotOf = (payload: Payload): PacingSlot => ({
  at: epochMs(Number(payload.at)),
  sendBefore: epochMs(Number(payload.sendBefore)),
})

async function storeChunk(deps: FetchDeps, chunk: Chunk, answer: BarsAnswer): Promise<void> {
  const { bars, rejected } = answer
  const delivery = { source: 'backfill', request: chunk.id, at: deps.market.now(), rejected } as const
  const counts = await deps.stores.transaction(async (tx) => {
    const ended = await settle(tx, deps, chunk, outcomeOf(chunk, answer))
    const loaded = await tx.bars.load(chunk.instrument, chunk.size, bars, delivery)
    await tx.events.append(finished(ended, deps.market.now()))
    return loaded
  })
  deps.log.debug({ ...named(chunk), ...counts }, 'backfilled')
}

/** What was bad for the first time is asked for once more; what is bad again stays partial. The backfill it ends. */
async function settle(
  tx: Stores,
  { market }: FetchDeps,
  chunk: Chunk,
  spans: CoverageRange[],
): Promise<Backfill | null> {
  const { instrument, size, attempts } = chunk
  const bad = spans.filter(({ state }) => state === 'partial')
  const isLastAttempt = attempts + 1 >= MAX_ATTEMPTS
  const isSettled = isLastAttempt || wasAnswered(bad, await tx.coverage.between(instrument, size, chunk))
  for (const span of spans) await tx.coverage.mark(instrument, size, span, span.state)
  if (isSettled) return tx.backfills.markDone(chunk.id)
  const again = plus(market.now(), CONFIRM_AFTER_MS)
  await tx.backfills.markWaiting(chunk.id, again, 'partial', 'impossible values, to be confirmed')
  return null
}

async function noData(deps: FetchDeps, chunk: Chunk): Promise<void> {
  if (chunk.emptyAnswers + 1 < EMPTY_ANSWERS) {
    const again = plus(deps.market.now(), CONFIRM_AFTER_MS)
    return deps.stores.backfills.markWaiting(chunk.id, again, 'empty', 'no data, to be confirmed')
  }
  await deps.stores.transaction(async (tx) => {
    await tx.coverage.mark(chunk.instrument, chunk.size, chunk, 'empty')
    await tx.events.append(finished(await tx.backfills.markEmpty(chunk.id), deps.market.now()))
  })
  deps.log.info(named(chunk), 'no data, confirmed')
}

/** A closed door is no attempt. */
const unsent = (deps: FetchDeps, chunk: Chunk, reason: string): Promise<void> =>
  deps.stores.backfills.markWaiting(chunk.id, deps.market.now(), 'unsent', reason)

/** A refusal is final; anything else is tried again, and told in the end. */
async function failed(deps: FetchDeps, chunk: Chunk, error: unknown): Promise<void> {
  const reason = messageOf(error)
  const now = deps.market.now()
  const { backfills } = deps.stores
  if (isRetryable(error) && chunk.attempts + 1 < MAX_ATTEMPTS) {
    return backfills.markWaiting(chunk.id, plus(now, FIRST_RETRY_MS * 2 ** chunk.attempts), 'failed', reason)
  }
  deps.log.warn({ ...named(chunk), reason }, 'a chunk could not be fetched')
  await deps.stores.transaction(async (tx) => {
    await tx.coverage.mark(chunk.instrument, chunk.size, chunk, 'failed')
    await tx.events.append(finished(await tx.backfills.markFailed(chunk.id, reason), now))
  })
}

const named = (chunk: Chunk): object => ({
  symbol: chunk.instrument.symbol,
  from: new Date(chunk.from).toISOString(),
  to: new Date(chunk.to).toISOString(),
})

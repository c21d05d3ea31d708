import { messageOf } from '../errors.ts'
import type { Log } from '../log.ts'
import { unasked } from '../market/coverage.ts'
import { exchangeDate } from '../market/session.ts'
import { type Clock, type EpochMs, earlier, plus, SECOND_MS } from '../market/time.ts'
import type { Chunk } from '../ports/backfills.ts'
import type { Lane, Pacing } from '../ports/pacing.ts'
import type { Stores } from '../ports/stores.ts'
import { finished } from './finished.ts'

/** The queue's task that fetches one chunk. */
export const FETCH_CHUNK = 'fetch-chunk'
/** Requests under way at once. IB allows 50 and advises far fewer. */
const MAX_QUEUED = 3
/** How often an idle dispatcher looks for new work, in machine time. */
const LOOK_EVERY_MS = 250
/** A denied chunk asks again at least this often in market time: the demand of the live lane may have ended. */
const ASK_AGAIN_MS = 15 * SECOND_MS

export interface DispatchDeps {
  readonly stores: Stores
  readonly pacing: Pacing
  readonly market: Clock
  readonly machine: Clock
  readonly log: Log
  /** Whether a request could leave now: a place in the budget is never bought for a closed door. */
  readonly isReady: () => boolean
}

/**
 * Hands waiting chunks to the durable queue, newest first, each with a place in the budget that it has waited for.
 * The queue holds only work that may run now. Ends with the signal; never rejects.
 */
export async function dispatchChunks(deps: DispatchDeps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await dispatchNext(deps, signal)
    } catch (error) {
      if (signal.aborted) return
      deps.log.warn({ error: messageOf(error) }, 'the dispatcher tries again')
      await deps.machine.sleep(SECOND_MS, signal).catch(() => {})
    }
  }
}

async function dispatchNext(deps: DispatchDeps, signal: AbortSignal): Promise<void> {
  const chunk = await nextChunk(deps)
  if (chunk === null) return deps.machine.sleep(LOOK_EVERY_MS, signal)
  const reservation = await deps.pacing.reserve(chunk, laneOf(chunk, deps.market.now()))
  if (!reservation.granted) {
    return deps.market.sleepUntil(earlier(reservation.freeAt, plus(deps.market.now(), ASK_AGAIN_MS)), signal)
  }
  await enqueue(deps.stores, chunk, reservation.slot.at, reservation.slot.sendBefore)
}

/** What today lacks is a repair, and goes before older history. */
const laneOf = (chunk: Chunk, now: EpochMs): Lane =>
  exchangeDate(chunk.from) === exchangeDate(now) ? 'repair' : 'backfill'

/** The next chunk that needs asking, or null when there is none or no room for one. */
async function nextChunk(deps: DispatchDeps): Promise<Chunk | null> {
  const { stores, market, isReady } = deps
  const { backfills, coverage } = stores
  if (!isReady() || (await backfills.queuedCount()) >= MAX_QUEUED) return null
  for (;;) {
    const chunk = await backfills.nextWaiting(market.now())
    if (chunk === null) return null
    const known = await coverage.between(chunk.instrument, chunk.size, chunk)
    if (unasked(chunk, known).length > 0) return chunk
    await passOver(deps, chunk)
  }
}

/** Another backfill or the collector was here first. */
const passOver = ({ stores, market }: DispatchDeps, chunk: Chunk): Promise<void> =>
  stores.transaction(async (tx) => {
    await tx.events.append(finished(await tx.backfills.markDone(chunk.id), market.now()))
  })

const enqueue = (stores: Stores, chunk: Chunk, at: EpochMs, sendBefore: EpochMs): Promise<void> =>
  stores.transaction(async (tx) => {
    if (!(await tx.backfills.markQueued(chunk.id))) return
    await tx.queue.add(FETCH_CHUNK, { chunkId: chunk.id, at, sendBefore }, chunk.id)
  })

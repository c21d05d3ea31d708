import { unavailable } from '../../src/errors.ts'
import type { Clock, EpochMs } from '../../src/market/time.ts'
import type { MarketData } from '../../src/ports/marketData.ts'
import type { Pacing } from '../../src/ports/pacing.ts'
import type { Stores } from '../../src/ports/stores.ts'
import type { Seams } from './service.ts'

/** A fault of our own that the soak must find. */
export interface Plant extends Partial<Seams> {
  readonly isLost?: (fields: readonly string[]) => boolean
}

const BUCKET = 60
const REFILL_MS = 10_000

/** 60 at once and one every 10 s: the usual limiter, which lets 119 through in ten minutes. */
function tokenBucket(clock: Clock): Pacing {
  let tokens = BUCKET
  let at = clock.now()
  const refill = (): void => {
    tokens = Math.min(BUCKET, tokens + (clock.now() - at) / REFILL_MS)
    at = clock.now()
  }
  const lanes = { trader: 0, live: 0, repair: 0, backfill: 0 }
  return {
    async reserve() {
      refill()
      if (tokens < 1) return { granted: false, freeAt: (at + (1 - tokens) * REFILL_MS + 1) as EpochMs }
      tokens--
      return { granted: true, slot: { at, sendBefore: (at + 1_000) as EpochMs } }
    },
    penalize: async () => {},
    assumeFull: async () => {},
    share: async () => ({ requests: BUCKET, windowMs: BUCKET * REFILL_MS }),
    usage: async () => ({ limit: BUCKET, used: 0, nextFreeAt: at, lanes }),
  }
}

/** What the newest answer has reached is not asked for again by the next. */
function withoutOverlap(marketData: MarketData): MarketData {
  let reached = 0
  return {
    ...marketData,
    async historicalBars(request, slot, signal) {
      const isNext = request.from < reached && reached < request.to
      const from = isNext ? (reached as EpochMs) : request.from
      const answer = await marketData.historicalBars({ ...request, from }, slot, signal)
      if (answer.kind === 'bars') reached = Math.max(reached, request.to)
      return answer
    },
  }
}

/** Coverage is written by itself, before the bars. */
const coverageApart = (stores: Stores): Stores => ({
  ...stores,
  transaction: async (work) => {
    const marks: (() => Promise<void>)[] = []
    try {
      return await stores.transaction((tx) =>
        work({
          ...tx,
          coverage: {
            ...tx.coverage,
            mark: async (...mark) => void marks.push(() => stores.coverage.mark(...mark)),
          },
        }),
      )
    } finally {
      for (const mark of marks) await mark()
    }
  },
})

export const PLANTS: Readonly<Record<string, Plant>> = {
  'no notice 1100': { isLost: ([type, , , code]) => type === '4' && code === '1100' },
  'token bucket': { pacing: (_, clock) => tokenBucket(clock) },
  'no overlap': { marketData: withoutOverlap },
  'coverage outside the transaction': { stores: coverageApart },
}

export const failing = (stores: Stores, isFailing: () => boolean): Stores => ({
  ...stores,
  transaction: (work) =>
    stores.transaction(async (tx) => {
      const result = await work(tx)
      if (isFailing()) throw unavailable('the database went away')
      return result
    }),
})

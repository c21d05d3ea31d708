import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPool } from '../../db/connect.ts'
import { pacingLedger } from '../../db/pacing.ts'
import { ledgerPacing, pacingRules } from '../../src/gateway/pacing.ts'
import { type EpochMs, plus } from '../../src/market/time.ts'
import type { HistoricalRequest } from '../../src/ports/marketData.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { hurriedClock } from '../support/hurriedClock.ts'
import { silentLog } from '../support/simulator.ts'

/** Restarts over all three users of the ledger: 5 in CI, `BUDGET_RESTARTS=50` for fifty. */
const RESTARTS = Number(process.env.BUDGET_RESTARTS ?? 5)
const SPEED = 400
const WINDOW_MS = 605_000
const USERS = 3
const SPAN_MS = WINDOW_MS * Math.max(3, Math.ceil(RESTARTS / 5))

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

const market = hurriedClock(SPEED)
const rules = pacingRules(1)
const ledgerOf = (pool: TestDatabase['pool']) => pacingLedger(pool)

/** One process between two restarts: asks for places as fast as it is given them, on connections of its own. */
async function live(user: number, until: EpochMs): Promise<void> {
  const pool = openPool({ url: database.url, purpose: 'jobs', log: silentLog })
  const pacing = ledgerPacing({ ledger: ledgerOf(pool), market, rules, demand: () => ({}) })
  while (market.now() < until) {
    const reservation = await pacing.reserve(request(user), 'backfill')
    if (!reservation.granted) await market.sleepUntil(reservation.freeAt)
  }
  await pool.end()
}

let asked = 0
const request = (user: number): HistoricalRequest => ({
  from: plus(market.now(), -1_000 * ++asked),
  to: market.now(),
  instrument: {
    ...{ id: user, symbol: `S${asked}`, conId: asked, exchange: 'SMART', primaryExchange: 'ARCA' },
    ...{ currency: 'USD', minTick: 0.01, priceScale: 10_000, tracked: true },
  },
  size: '1s',
  session: 'rth',
})

test(
  `three users of one ledger with ${RESTARTS} restarts stay within 60 in any 600 s and use 95 % of 58`,
  async () => {
    const start = market.now()
    const lives = Math.ceil(RESTARTS / USERS) + 1
    await Promise.all(
      Array.from({ length: USERS }, async (_, user) => {
        for (let n = 1; n <= lives; n++) await live(user, plus(start, Math.round((SPAN_MS * n) / lives)))
      }),
    )
    const times = (await ledgerOf(database.pool).since(start)).map(({ at }) => at)
    const most = Math.max(...times.map((end) => times.filter((at) => at > end - 600_000 && at <= end).length))
    expect(most).toBeLessThanOrEqual(60)
    const windows = SPAN_MS / WINDOW_MS
    expect(times.filter((at) => at < start + SPAN_MS).length / windows).toBeGreaterThanOrEqual(0.95 * 58)
  },
  60_000 + RESTARTS * 2_000,
)

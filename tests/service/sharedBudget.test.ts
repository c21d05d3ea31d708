import { afterAll, beforeAll, expect, test } from 'vitest'
import { machineClock } from '../../src/clock/machine.ts'
import { pacingRules } from '../../src/gateway/pacingRules.ts'
import { seededRandom } from '../../src/market/seededRandom.ts'
import { parseInstant } from '../../src/market/time.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { type Grant, liveAndDie } from './ledgerClients.ts'

/** Kills over all three processes: 5 in CI, `BUDGET_RESTARTS=50` for fifty. */
const RESTARTS = Number(process.env.BUDGET_RESTARTS ?? 5)
const SEED = Number(process.env.BUDGET_SEED ?? 1)
const USERS = 3
const SPEED = 200
const { limit, windowMs } = pacingRules(SPEED)

/** Windows in which the whole budget is the backlog's, one in which it makes room, and some of an open session. */
const CLOSED = Math.ceil(RESTARTS / 2)
const OPEN = Math.ceil(RESTARTS * 0.4)
const opensAt = parseInstant('2024-06-03T13:30:00Z')
const start = opensAt - (CLOSED + 1) * windowMs
const until = opensAt + OPEN * windowMs
const SPAN_REAL_MS = (until - start) / SPEED

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

/** For each process the machine's instants at which it is killed, oldest first. */
function someKills(anchor: number): number[][] {
  const random = seededRandom(SEED)
  const kills: number[][] = Array.from({ length: USERS }, () => [])
  const moments = Array.from({ length: RESTARTS }, () => anchor + (0.03 + 0.92 * random()) * SPAN_REAL_MS)
  for (const at of moments.sort((a, b) => a - b)) kills[Math.floor(random() * USERS)]!.push(at)
  return kills
}

const most = (times: readonly number[], lengthMs: number): number =>
  Math.max(...times.map((end) => times.filter((at) => at > end - lengthMs && at <= end).length))

test(
  `three processes killed ${RESTARTS} times stay within 60 in any 600 s, use 95 % of 58, and hold no live tick back`,
  async () => {
    const anchor = machineClock.now()
    const plan = { url: database.url, users: USERS, speed: SPEED, start, anchor, until }
    const lives = someKills(anchor).map((kills, user) => liveAndDie({ ...plan, user }, kills))
    const grants: Grant[] = (await Promise.all(lives)).flat()

    expect(
      most(
        grants.flatMap(({ sentAt }) => sentAt ?? []),
        600_000,
      ),
    ).toBeLessThanOrEqual(60)
    const times = grants.map(({ at }) => at)
    const first = Math.min(...times)
    const used = times.filter((at) => at < first + CLOSED * windowMs).length
    expect(used / CLOSED).toBeGreaterThanOrEqual(0.95 * limit)
    const live = grants.filter(({ lane }) => lane === 'live')
    expect(live.length).toBeGreaterThan(OPEN * 20)
    expect(Math.max(...live.map(({ heldBackMs }) => heldBackMs))).toBeLessThanOrEqual(1_000)
  },
  SPAN_REAL_MS + 30_000,
)

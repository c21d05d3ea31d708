import { afterAll, expect, test } from 'vitest'
import { parseInstant } from '../../src/market/time.ts'
import { getJson, until } from '../support/client.ts'
import { type Running, runService, runSimulator, temporaryFolder } from '../support/processes.ts'

const running: Running[] = []
const folders: { remove(): Promise<void> }[] = []
afterAll(async () => {
  await Promise.all(running.map((it) => it.end('SIGKILL')))
  await Promise.all(folders.map((it) => it.remove()))
})

interface Status {
  readonly now: string
  readonly counts: {
    readonly smallBars: number
    readonly maxSmallBarsIn600s: number
    readonly violations: Record<string, number>
  }
}

const LIMIT = 58
const WINDOW_MS = 600_000
/** CI looks at two windows; `BUDGET_WINDOWS=20` at 200 minutes of market time. */
const WINDOWS = Number(process.env.BUDGET_WINDOWS ?? 2)
const WINDOW_REAL_MS = 15_800

/** A Saturday: no session is open for a day and a half, so the whole budget is the backfill's. */
const SATURDAY = '2024-06-01T05:00:00Z'

test(
  'a backlog uses 95 % of the budget over restarts, and by the simulator’s count never more than IB allows',
  async () => {
    const simulator = await runSimulator({ SIM_START: SATURDAY, SIM_SPEED: '40' })
    const folder = await temporaryFolder()
    running.push(simulator)
    folders.push(folder)
    const status = () => getJson<Status>(`http://${simulator.address}/status`)
    const env = { SIM_ATTACH: simulator.address, DATA_DIR: folder.path, BACKFILL_SESSIONS: '40' }

    const first = await runService(env)
    running.push(first)
    await until(async () => (await status()).counts.smallBars >= LIMIT, 30_000)
    const before = await status()
    await first.end('SIGKILL')
    const second = await runService(env)
    running.push(second)
    const wanted = LIMIT * (1 + WINDOWS)
    await until(async () => (await status()).counts.smallBars >= wanted, 2 * WINDOWS * WINDOW_REAL_MS)
    const after = await status()

    const windows = (parseInstant(after.now) - parseInstant(before.now)) / WINDOW_MS
    const used = (after.counts.smallBars - before.counts.smallBars) / windows
    expect(used).toBeGreaterThanOrEqual(0.95 * LIMIT)
    expect(after.counts.maxSmallBarsIn600s).toBeLessThanOrEqual(60)
    expect(Object.values(after.counts.violations).every((count) => count === 0)).toBe(true)
  },
  60_000 + 2 * WINDOWS * WINDOW_REAL_MS,
)

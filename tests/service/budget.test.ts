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
const NEARLY = 0.95
const WINDOW_MS = 600_000
/** CI looks at two windows; `BUDGET_WINDOWS=20` at 200 minutes of market time. */
const WINDOWS = Number(process.env.BUDGET_WINDOWS ?? 2)
/** Slow enough that a busy machine has done a restart and its places long before a window ends. */
const SPEED = 20
const WINDOW_REAL_MS = 31_600
/** What a busy machine may take for the first place of a window, in real time: the clock runs 20 times as fast. */
const MACHINE_MS = 2_000

/** A Saturday: no session is open for a day and a half, so the whole budget is the backfill's. */
const SATURDAY = '2024-06-01T05:00:00Z'

/**
 * A backlog takes its places at once and then waits for the window's end. So the places are counted at an instant in
 * that rest, and the delay is seen at the first place of the next window: how long a busy machine takes for the places
 * between is no matter.
 */
test(
  'a backlog uses 95 % of the budget over restarts, and by the simulator’s count never more than IB allows',
  async () => {
    const simulator = await runSimulator({ SIM_START: SATURDAY, SIM_SPEED: String(SPEED) })
    const folder = await temporaryFolder()
    running.push(simulator)
    folders.push(folder)
    const status = () => getJson<Status>(`http://${simulator.address}/status`)
    const statusWhen = async (isIt: (status: Status) => boolean): Promise<Status> => {
      await until(async () => isIt(await status()), 30_000 + 2 * WINDOWS * WINDOW_REAL_MS)
      return status()
    }
    const env = { SIM_ATTACH: simulator.address, DATA_DIR: folder.path, BACKFILL_SESSIONS: '40' }

    const first = await runService(env)
    running.push(first)
    const begun = parseInstant((await statusWhen(({ counts }) => counts.smallBars > 0)).now)
    await statusWhen(({ counts }) => counts.smallBars >= LIMIT)
    await first.end('SIGKILL')
    const second = await runService(env)
    running.push(second)
    const passed = ({ now }: Status): number => (parseInstant(now) - begun) / WINDOW_MS
    const whole = await statusWhen((at) => passed(at) >= WINDOWS)
    const next = await statusWhen(({ counts }) => counts.smallBars > LIMIT * WINDOWS)

    expect(whole.counts.smallBars / WINDOWS).toBeGreaterThanOrEqual(NEARLY * LIMIT)
    const ofMachine = (WINDOWS * SPEED * MACHINE_MS) / WINDOW_MS
    expect(WINDOWS / (passed(next) - ofMachine)).toBeGreaterThanOrEqual(NEARLY)
    expect(next.counts.maxSmallBarsIn600s).toBeLessThanOrEqual(60)
    expect(Object.values(next.counts.violations).every((count) => count === 0)).toBe(true)
  },
  60_000 + 2 * WINDOWS * WINDOW_REAL_MS,
)

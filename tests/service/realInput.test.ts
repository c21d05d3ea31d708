import { randomInt } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { slice } from '../../src/market/series.ts'
import { sessionOn } from '../../src/market/session.ts'
import { isoInstant } from '../../src/market/time.ts'
import { allItems, getJson, until } from '../support/client.ts'
import { type Running, runService, runSimulator, temporaryFolder } from '../support/processes.ts'
import { golden, haveSamples, sampleBars, WITHOUT_SAMPLES } from '../support/samples.ts'

const DAYS = ['20131007', '20131008', '20131009']
const CHECKED = ['2013-10-07', '2013-10-08'] as const
const data = (day: string): string =>
  fileURLToPath(new URL(`../../../shared/data/SPY-1s-${day}.csv.gz`, import.meta.url))

const running: Running[] = []
const folders: { remove(): Promise<void> }[] = []
afterAll(async () => {
  await Promise.all(running.map((it) => it.end('SIGKILL')))
  await Promise.all(folders.map((it) => it.remove()))
})

/** A simulator that replays the tape from the morning of the third day, and the settings of a service on it. */
async function world(): Promise<{ simulator: Running; env: Record<string, string> }> {
  const simulator = await runSimulator({
    SIM_TAPE: DAYS.map(data).join(','),
    SIM_START: '2013-10-09T14:00:00Z',
    SIM_SPEED: '60',
  })
  running.push(simulator)
  const folder = await temporaryFolder()
  folders.push(folder)
  return { simulator, env: { SIM_ATTACH: simulator.address, DATA_DIR: folder.path, BACKFILL_SESSIONS: '2' } }
}

async function start(env: Record<string, string>): Promise<Running> {
  const service = await runService(env)
  running.push(service)
  return service
}

interface Backfills {
  readonly items: readonly { readonly state: string }[]
}

const isBackfilled = async (api: string): Promise<boolean> => {
  const { items } = await getJson<Backfills>(`${api}/v1/backfills`)
  return items.length > 0 && items.every((it) => it.state === 'done')
}

const rangeOf = (date: string): string => {
  const session = sessionOn(date, 'rth')!
  return `symbol=SPY&from=${isoInstant(session.from)}&to=${isoInstant(session.to)}`
}

/** Every regular-hours bar of the two days equals the file's, in every field; none is invented, none is missing. */
async function expectTape(api: string): Promise<void> {
  for (const date of CHECKED) {
    const session = sessionOn(date, 'rth')!
    const file = slice(sampleBars(`SPY-1s-${date.replaceAll('-', '')}.csv.gz`), session.from, session.to)
    const expected = [...file].map((bar) => ({ ...bar, time: isoInstant(bar.time) }))
    expect(await allItems(`${api}/v1/bars?${rangeOf(date)}`)).toEqual(expected)
  }
}

interface GoldenCandles {
  readonly candles: readonly (readonly [string, number, number, number, number, number])[]
}

interface Candle {
  readonly time: string
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  readonly complete: boolean
  readonly coverage: number
}

async function expectGoldenCandles(api: string): Promise<void> {
  const { candles } = golden('candles-5m-rth-201310.json') as GoldenCandles
  for (const date of CHECKED) {
    const items = await allItems<Candle>(`${api}/v1/candles?size=5m&${rangeOf(date)}`)
    expect(items.map((it) => [it.time, it.open, it.high, it.low, it.close, it.volume])).toEqual(
      candles.filter(([time]) => time.startsWith(date)),
    )
    expect(items.every((it) => it.complete && it.coverage === 1)).toBe(true)
  }
}

interface SimulatorStatus {
  readonly counts: { readonly maxSmallBarsIn600s: number; readonly violations: Record<string, number> }
}

/** The judge of the budget is the simulator's own count. */
async function expectWithinLimits(simulator: Running): Promise<void> {
  const { counts } = await getJson<SimulatorStatus>(`http://${simulator.address}/status`)
  expect(counts.maxSmallBarsIn600s).toBeLessThanOrEqual(60)
  expect(Object.values(counts.violations).every((count) => count === 0)).toBe(true)
}

test.skipIf(!haveSamples)(
  `a backfill of real days equals the tape (${WITHOUT_SAMPLES} else)`,
  async () => {
    const { simulator, env } = await world()
    const service = await start(env)
    await until(() => isBackfilled(service.address), 60_000)
    await expectTape(service.address)
    await expectGoldenCandles(service.address)
    await expectWithinLimits(simulator)
    expect(await service.end('SIGTERM')).toBe(0)
  },
  90_000,
)

const KILLS = 5

test.skipIf(!haveSamples)(
  `the same holds after ${KILLS} kills at random moments`,
  async () => {
    const { simulator, env } = await world()
    for (let kill = 0; kill < KILLS; kill++) {
      const service = await start(env)
      await new Promise((resolve) => setTimeout(resolve, randomInt(200, 3_000)))
      await service.end('SIGKILL')
    }
    const service = await start(env)
    await until(() => isBackfilled(service.address), 60_000)
    await expectTape(service.address)
    await expectGoldenCandles(service.address)
    await expectWithinLimits(simulator)
    await service.end('SIGTERM')
  },
  120_000,
)

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { getJson, until } from '../support/client.ts'
import { type Running, runService, temporaryFolder } from '../support/processes.ts'
import { golden, haveSamples, samplePath, WITHOUT_SAMPLES } from '../support/samples.ts'

const running: Running[] = []
const folders: { remove(): Promise<void> }[] = []
afterAll(async () => {
  await Promise.all(running.map((it) => it.end('SIGKILL')))
  await Promise.all(folders.map((it) => it.remove()))
})

/** A service with a database of its own. */
async function start(env: Record<string, string>): Promise<{ api: string; token: string }> {
  const folder = await temporaryFolder()
  folders.push(folder)
  const service = await runService({ DATA_DIR: folder.path, ...env })
  running.push(service)
  return { api: service.address, token: readFileSync(`${folder.path}/token`, 'utf8').trim() }
}

interface GoldenTrade {
  readonly entryTime: string
  readonly entryPrice: number
  readonly exitTime: string
  readonly exitPrice: number
}

interface GoldenRun {
  readonly ties: string
  readonly fill: string
  readonly stop: string
  readonly pivotHighs: number
  readonly pivotLows: number
  readonly trades: number
  readonly return: number
}

interface Answered {
  readonly id: string
  readonly state: string
  readonly pivotHighs: number
  readonly pivotLows: number
  readonly rewrites: number
  readonly trades: readonly GoldenTrade[]
  readonly openTrade: GoldenTrade | null
  readonly warnings: readonly string[]
  readonly statistics: { readonly trades: number; readonly compoundedTradeReturn: number }
}

async function run(api: string, body: object): Promise<Answered> {
  const response = await fetch(`${api}/v1/backtests`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  expect(response.status, text).toBe(201)
  return JSON.parse(text) as Answered
}

const tradeOf = ({ entryTime, entryPrice, exitTime, exitPrice }: GoldenTrade): GoldenTrade => ({
  entryTime,
  entryPrice,
  exitTime,
  exitPrice,
})

function expectGolden(answered: Answered, expected: GoldenRun): void {
  expect(answered).toMatchObject({
    state: 'done',
    rewrites: 0,
    pivotHighs: expected.pivotHighs,
    pivotLows: expected.pivotLows,
    statistics: { trades: expected.trades },
  })
  expect(Math.abs(answered.statistics.compoundedTradeReturn - expected.return)).toBeLessThan(1e-9)
}

interface HourlyRun extends GoldenRun {
  readonly left: number
  readonly right: number
  readonly ma: string
  readonly length: number
  readonly guard: boolean
  readonly first: GoldenTrade
  readonly last: GoldenTrade
}

test.skipIf(!haveSamples)(
  `18 years of imported hours give every golden result (${WITHOUT_SAMPLES} else)`,
  async () => {
    const { api, token } = await start({ BACKFILL_SESSIONS: '0' })
    await until(
      async () => (await getJson<{ items: object[] }>(`${api}/v1/instruments`)).items.length > 0,
      30_000,
    )
    const imported = await fetch(`${api}/v1/bars/imports?symbol=SPY&size=1h`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/gzip' },
      body: readFileSync(samplePath('SPY-1h-1998-2015.csv.gz')),
    })
    expect(imported.status, await imported.text()).toBe(200)
    const { runs } = golden('strategy-1h-1998-2015.json') as { runs: readonly HourlyRun[] }
    for (const expected of runs) {
      const { left, right, ties, ma, length, stop, guard, fill } = expected
      const answered = await run(api, {
        ...{ symbol: 'SPY', from: '1998-01-01T00:00:00Z', to: '2016-01-01T00:00:00Z' },
        ...{ size: '1h', base: '1h', session: 'all', align: 'clock' },
        strategy: { left, right, ties, ma, length, stop, guard },
        execution: { fill },
      })
      expectGolden(answered, expected)
      expect([answered.trades[0]!, answered.trades.at(-1)!].map(tradeOf)).toEqual([
        expected.first,
        expected.last,
      ])
    }
    expect(runs.length).toBe(51)
  },
  120_000,
)

interface SecondsRun extends GoldenRun {
  readonly open: Omit<GoldenTrade, 'exitTime' | 'exitPrice'> | null
  readonly pendingAtEnd: string | null
  readonly list: readonly GoldenTrade[]
}

const tape = ['20131007', '20131008', '20131009'].map((day) =>
  fileURLToPath(samplePath(`SPY-1s-${day}.csv.gz`)),
)

const isBackfilled = async (api: string): Promise<boolean> => {
  const { items } = await getJson<{ items: { state: string }[] }>(`${api}/v1/backfills`)
  return items.length > 0 && items.every(({ state }) => state === 'done')
}

test.skipIf(!haveSamples)(
  `three days of collected seconds give every golden result (${WITHOUT_SAMPLES} else)`,
  async () => {
    const { api } = await start({
      SIM_TAPE: tape.join(','),
      SIM_START: '2013-10-09T21:00:00Z',
      SIM_SPEED: '60',
      BACKFILL_SESSIONS: '3',
    })
    await until(() => isBackfilled(api), 60_000)
    const { runs } = golden('strategy-5m-201310.json') as { runs: readonly SecondsRun[] }
    for (const expected of runs) {
      const { ties, stop, fill } = expected
      const answered = await run(api, {
        ...{ symbol: 'SPY', from: '2013-10-07T00:00:00Z', to: '2013-10-10T00:00:00Z' },
        ...{ strategy: { ties, stop }, execution: { fill } },
      })
      expectGolden(answered, expected)
      expect(answered.trades.map(tradeOf)).toEqual(expected.list)
      expect(answered.openTrade === null).toBe(expected.open === null)
      if (expected.open !== null) expect(answered.openTrade).toMatchObject(expected.open)
      expect(answered.warnings.some((it) => it.includes('pending'))).toBe(expected.pendingAtEnd !== null)
    }
    expect(runs.length).toBe(12)
  },
  120_000,
)

import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { slice } from '../../src/market/series.ts'
import { sessionOn } from '../../src/market/session.ts'
import { isoInstant } from '../../src/market/time.ts'
import { allItems, getJson, until } from '../support/client.ts'
import { type Running, runService, runSimulator, temporaryFolder } from '../support/processes.ts'
import { haveSamples, sampleBars, WITHOUT_SAMPLES } from '../support/samples.ts'

const SYMBOLS = ['SPY', 'IBM'] as const
const DATES = ['2013-10-07', '2013-10-08'] as const
const fileName = (symbol: string, date: string): string => `${symbol}-1s-${date.replaceAll('-', '')}.csv.gz`

const running: Running[] = []
const undo: (() => Promise<void>)[] = []
afterAll(async () => {
  await Promise.all(running.map((it) => it.end('SIGKILL')))
  for (const step of undo) await step()
})

interface Backfills {
  readonly items: readonly { readonly symbol: string; readonly state: string }[]
}

interface Status {
  readonly counts: { readonly maxSmallBarsIn600s: number; readonly violations: Record<string, number> }
}

/** Starts while the second day is under way, so that both symbols are collected live and backfilled at once. */
test.skipIf(!haveSamples)(
  `two symbols under one budget equal their tapes (${WITHOUT_SAMPLES} else)`,
  async () => {
    const files = SYMBOLS.flatMap((symbol) => DATES.map((date) => fileName(symbol, date)))
    const tape = files.map((name) => fileURLToPath(new URL(`../../../shared/data/${name}`, import.meta.url)))
    const simulator = await runSimulator({
      SIM_TAPE: tape.join(','),
      SIM_START: '2013-10-08T19:30:00Z',
      SIM_SPEED: '60',
    })
    running.push(simulator)
    const { path, remove } = await temporaryFolder()
    undo.push(remove)
    const env = {
      SIM_ATTACH: simulator.address,
      DATA_DIR: path,
      SYMBOLS: SYMBOLS.join(','),
      BACKFILL_SESSIONS: '1',
    }
    const service = await runService(env)
    running.push(service)

    await until(async () => {
      const { items } = await getJson<Backfills>(`${service.address}/v1/backfills`)
      const named = new Set(items.map((it) => it.symbol))
      return (
        named.size === SYMBOLS.length &&
        items.every((it) => it.state === 'done') &&
        (await isClosed(simulator))
      )
    }, 100_000)

    for (const symbol of SYMBOLS) {
      for (const date of DATES) {
        const session = sessionOn(date, 'rth')!
        const file = slice(sampleBars(fileName(symbol, date)), session.from, session.to)
        const range = `symbol=${symbol}&from=${isoInstant(session.from)}&to=${isoInstant(session.to)}`
        const bars = await allItems(`${service.address}/v1/bars?${range}`)
        expect(bars).toEqual([...file].map((bar) => ({ ...bar, time: isoInstant(bar.time) })))
      }
    }
    const { counts } = await getJson<Status>(`http://${simulator.address}/status`)
    expect(counts.maxSmallBarsIn600s).toBeLessThanOrEqual(60)
    expect(Object.values(counts.violations).every((count) => count === 0)).toBe(true)
  },
  120_000,
)

/** Some minutes past the close: the last seconds have been fetched. */
async function isClosed({ address }: Running): Promise<boolean> {
  return (await getJson<{ now: string }>(`http://${address}/clock`)).now > '2013-10-08T20:05:00Z'
}

import { beforeEach, expect, test } from 'vitest'
import type { BacktestStore, FinishedRun } from '../../src/ports/backtests.ts'

const REQUEST = '{"symbol":"SPY", "from":"2013-10-07T13:30:00Z"}'

const run: FinishedRun = {
  result: '{"candles": 3}',
  trades: '[{"bars":1}]',
  columns: Uint8Array.of(1, 2, 3),
}

/** What any store of backtests does. `open` gives an empty one. */
export function backtestStoreContract(open: () => Promise<BacktestStore>): void {
  let store: BacktestStore
  beforeEach(async () => {
    store = await open()
  })

  test('a backtest is queued, runs and is done, and what it leaves is kept byte by byte', async () => {
    const made = await store.create(REQUEST)
    expect(made).toMatchObject({ state: 'queued', reason: null, request: REQUEST, result: null })
    expect(await store.trades(made.id)).toBeNull()
    expect(await store.begin(made.id)).toBe(true)
    expect(await store.find(made.id)).toEqual({ ...made, state: 'running' })
    expect(await store.finish(made.id, run)).toBe(true)
    expect(await store.find(made.id)).toEqual({ ...made, state: 'done', result: run.result })
    expect(await store.trades(made.id)).toBe(run.trades)
    expect([...(await store.columns(made.id))!]).toEqual([1, 2, 3])
  })

  test('what has ended stays as it ended', async () => {
    const ends = [
      (id: string) => store.finish(id, run),
      (id: string) => store.fail(id, 'it broke'),
      (id: string) => store.cancel(id, 'nobody wants it'),
    ]
    for (const end of ends) {
      const { id } = await store.create(REQUEST)
      expect(await end(id)).toBe(true)
      const ended = await store.find(id)
      for (const again of [...ends, store.begin]) expect(await again(id)).toBe(false)
      expect(await store.find(id)).toEqual(ended)
      expect(await store.keepAlive([id])).toEqual([])
    }
  })

  test('the list is newest first, page by page', async () => {
    const ids: string[] = []
    for (let i = 0; i < 5; i++) ids.unshift((await store.create(REQUEST)).id)
    const page = async (limit: number, after?: string) =>
      (await store.list({ limit, ...(after ? { after } : {}) })).map(({ id }) => id)
    expect(await page(9)).toEqual(ids)
    expect(await page(2, ids[1])).toEqual([ids[2], ids[3]])
    expect(await page(2, ids[4])).toEqual([])
  })

  test('a removed backtest leaves nothing', async () => {
    const { id } = await store.create(REQUEST)
    await store.finish(id, run)
    await store.remove(id)
    await store.remove(id)
    expect(await store.find(id)).toBeNull()
    expect(await store.columns(id)).toBeNull()
  })

  test('those that are open are told from those that have ended', async () => {
    const [open, ended] = [await store.create(REQUEST), await store.create(REQUEST)]
    await store.fail(ended.id, 'it broke')
    expect(await store.keepAlive([open.id, ended.id, 'unknown'])).toEqual([open.id])
    expect(await store.keepAlive([])).toEqual([])
  })
}

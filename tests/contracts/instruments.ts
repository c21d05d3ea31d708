import { beforeAll, expect, test } from 'vitest'
import type { InstrumentStore } from '../../src/ports/instruments.ts'
import { spy } from '../support/bars.ts'

/** What any store of instruments does. `open` gives an empty one. */
export function instrumentStoreContract(open: () => Promise<InstrumentStore>): void {
  let instruments: InstrumentStore
  const named = (symbol: string) => ({ ...spy, symbol })

  beforeAll(async () => {
    instruments = await open()
  })

  test('a saved instrument is found by its symbol, and tracked', async () => {
    const saved = await instruments.save(named('SPY'))
    expect(saved).toEqual({ ...spy, id: saved.id, tracked: true })
    expect(await instruments.find('SPY')).toEqual(saved)
    expect(await instruments.find('QQQ')).toBeNull()
  })

  test('what the broker says later replaces what it said, but neither identity nor scale nor tracking', async () => {
    const first = await instruments.save(named('IBM'))
    await instruments.track('IBM', false)
    const again = await instruments.save({ ...named('IBM'), conId: 8_314, minTick: 0.05, priceScale: 100 })
    expect(again).toEqual({ ...first, conId: 8_314, minTick: 0.05, tracked: false })
  })

  test('tracking is switched for known symbols only', async () => {
    await instruments.save(named('DIA'))
    expect(await instruments.track('DIA', false)).toMatchObject({ symbol: 'DIA', tracked: false })
    expect(await instruments.track('DIA', true)).toMatchObject({ tracked: true })
    expect(await instruments.track('none', true)).toBeNull()
  })

  test('the list is oldest first', async () => {
    await instruments.save(named('AAA'))
    await instruments.save(named('SPY'))
    expect((await instruments.list()).map(({ symbol }) => symbol)).toEqual(['SPY', 'IBM', 'DIA', 'AAA'])
  })
}

import { type CollectDeps, collect } from '../src/collection/collect.ts'
import type { Instrument } from '../src/market/instrument.ts'
import { TICK_MS } from '../src/market/polling.ts'
import type { ScheduledJob } from './schedule.ts'

/** Every 15 s one symbol in turn, so that any number of symbols costs the same share of the budget. */
export const collectBars = (deps: CollectDeps, tracked: () => Promise<Instrument[]>): ScheduledJob => {
  let turn = 0
  return {
    name: 'collect-bars',
    pattern: `*/${TICK_MS / 1_000} * 4-20 * * 1-5`,
    async run(signal) {
      const instruments = await tracked()
      const instrument = instruments[turn++ % Math.max(1, instruments.length)]
      if (instrument === undefined) return 'no symbol is tracked'
      return `${instrument.symbol}: ${await collect(deps, instrument, signal)}`
    },
  }
}

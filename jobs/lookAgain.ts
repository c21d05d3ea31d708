import type { CollectDeps } from '../src/collection/collect.ts'
import { lookAgain } from '../src/collection/heal.ts'
import type { Instrument } from '../src/market/instrument.ts'
import { ofEach } from './ofEach.ts'
import type { ScheduledJob } from './schedule.ts'

/** Every ten minutes the ten minutes before: each second has its second look. */
export const lookAgainJob = (deps: CollectDeps, tracked: () => Promise<Instrument[]>): ScheduledJob => ({
  name: 'look-again',
  pattern: '10 2-59/10 4-20 * * 1-5',
  run: async (signal) => ofEach(await tracked(), (instrument) => lookAgain(deps, instrument, signal)),
})

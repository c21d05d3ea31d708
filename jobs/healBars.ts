import type { CollectDeps } from '../src/collection/collect.ts'
import { heal } from '../src/collection/heal.ts'
import type { Instrument } from '../src/market/instrument.ts'
import { ofEach } from './ofEach.ts'
import type { ScheduledJob } from './schedule.ts'

/** Every minute of a day with a session: a hole must not wait for the close. */
export const healBars = (deps: CollectDeps, tracked: () => Promise<Instrument[]>): ScheduledJob => ({
  name: 'heal-bars',
  pattern: '25 * 4-20 * * 1-5',
  run: async () => ofEach(await tracked(), (instrument) => heal(deps, instrument)),
})

import type { Instrument } from '../market/instrument.ts'
import { plus } from '../market/time.ts'
import type { Stores } from '../ports/stores.ts'
import type { LatestSecond } from './traderDeps.ts'

/** The newest second that is stored; null before there is one. */
export async function latestSecond(
  { bars }: Pick<Stores, 'bars'>,
  instrument: Instrument,
): Promise<LatestSecond | null> {
  const time = await bars.latest(instrument, '1s')
  if (time === null) return null
  const newest = await bars.between({ instrument, size: '1s', from: time, to: plus(time, 1), raw: true })
  return newest.length === 0 ? null : { time, close: newest.at(0).close }
}

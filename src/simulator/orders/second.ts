import type { Bar } from '../../market/series.ts'
import type { EpochMs } from '../../market/time.ts'
import { type Tick, ticksOf } from '../ticks/tick.ts'

/** What trades in one second: the least that orders are matched against. */
export interface Second {
  readonly time: EpochMs
  /** At least one, in their order. */
  readonly ticks: readonly Tick[]
  /** Shares. */
  readonly volume: number
  /** The price before, within the same bar; null in its first second. */
  readonly before: number | null
}

/** The seconds of a bar in which something trades: one of a bar of a second, up to fifty of longer ones. */
export function secondsOf(symbol: string, bar: Bar, stepMs: number): Second[] {
  const seconds: Second[] = []
  let before: number | null = null
  const ticks = ticksOf(symbol, bar, stepMs)
  for (let i = 0, next = 0; i < ticks.length; i = next) {
    const { time } = ticks[i]!
    while (next < ticks.length && ticks[next]!.time === time) next++
    const same = ticks.slice(i, next)
    seconds.push({ time, ticks: same, volume: same.reduce((sum, { size }) => sum + size, 0), before })
    before = same.at(-1)!.price
  }
  return seconds
}

import { expect, onTestFinished, test } from 'vitest'
import { ibLiveBars } from '../../src/gateway/liveBars.ts'
import { resample } from '../../src/market/resample.ts'
import { type Bar, BarSeries } from '../../src/market/series.ts'
import { sessionOn } from '../../src/market/session.ts'
import { epochMs, MINUTE_MS, SECOND_MS } from '../../src/market/time.ts'
import type { LiveBarsUpdate } from '../../src/ports/liveBars.ts'
import { silentLog } from '../support/simulator.ts'
import { SPY } from '../support/tickets.ts'
import { overMemory } from './simulatedBroker.ts'

/** Minutes of the market as its tape has them. */
function truth(tws: Awaited<ReturnType<typeof overMemory>>['tws'], from: number, to: number): Bar[] {
  const session = sessionOn('2024-06-03', 'rth')!
  const { bars, first, end } = tws.market.bars('SPY', session, 'rth', SECOND_MS)
  const seconds = new BarSeries(end - first)
  for (let i = first; i < end; i++) if (bars.time[i]! >= from && bars.time[i]! < to) seconds.push(bars.at(i))
  const minutes = resample(seconds, { size: '1m', session: 'rth', align: 'clock' })
  return Array.from({ length: minutes.length }, (_, i) => minutes.at(i))
}

test('through silence, resets and lost links every minute is told as the tape has it, and what broke is said', async () => {
  const { gateway, tws, terminal, clock, until } = await overMemory()
  const begun = Math.ceil(clock.now() / MINUTE_MS) * MINUTE_MS
  const told = new Map<number, Bar>()
  const interruptions: string[] = []
  const take = (update: LiveBarsUpdate) => {
    if (update.kind === 'bar') told.set(update.bar.time, update.bar)
    else interruptions.push(update.reason)
  }
  const live = ibLiveBars({ gateway, market: clock, machine: clock, log: silentLog })
  onTestFinished(live.follow({ instrument: SPY, size: '1m', session: 'rth' }, take))
  const pass = (minutes: number) => clock.runUntil(epochMs(clock.now() + minutes * MINUTE_MS))
  const reset = () => {
    terminal.reset()
    return () => {}
  }
  const faults = [
    () => terminal.arm('updatesSilent'),
    reset,
    () => terminal.loseLink(1101),
    () => terminal.arm('halfOpen'),
    () => terminal.arm('updateSkipped'),
    () => terminal.arm('updateRepeated'),
    () => terminal.arm('farmBroken', { with: { farm: 'history' } }),
  ]
  for (const begin of faults) {
    await pass(3)
    const lift = begin()
    await pass(2)
    lift()
    await pass(4)
  }
  await until(() => told.has(clock.now() - (clock.now() % MINUTE_MS)))
  const end = clock.now() - (clock.now() % MINUTE_MS)
  const expected = truth(tws, begun, end)
  expect(expected.length).toBeGreaterThan(30)
  for (const { vwap, ...bar } of expected) expect(told.get(bar.time)).toMatchObject(bar)
  expect(interruptions.join('; ')).toMatch(/for too long.*ECONNRESET/)
})

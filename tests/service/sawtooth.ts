import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sessionOn } from '../../src/market/session.ts'

/** Closes of five minutes, in cents: the fourth breaks out above the second, the fifth falls below every earlier low. */
const MINUTES = [0, 40, 20, 60, -30]
/** Each turn lies lower than the one before. */
const DRIFT = -20

/** What `BUSY` buys and sells once every five minutes: a tape of seconds for the regular hours of a day, each of `volume`. */
export async function sawtooth(folder: string, date: string, volume = 1_000): Promise<string> {
  const path = join(folder, `SPY-1s-${date.replaceAll('-', '')}.csv`)
  const { from, to } = sessionOn(date, 'rth')!
  const lines = ['time,open,high,low,close,volume']
  for (let time: number = from; time < to; time += 1_000) {
    const second = (time - from) / 1_000
    const [open, close] = [priceAt(second), priceAt(second + 1)]
    const row = [open, Math.max(open, close), Math.min(open, close), close, volume]
    lines.push([new Date(time).toISOString(), ...row].join())
  }
  await writeFile(path, `${lines.join('\n')}\n`)
  return path
}

/** On straight lines between the closes of minutes, in whole cents. */
function priceAt(second: number): number {
  const minute = Math.floor(second / 60)
  const [before, after] = [closeOf(minute - 1), closeOf(minute)]
  return Math.round(20_000 + before + ((after - before) * (second % 60)) / 60) / 100
}

function closeOf(minute: number): number {
  const turn = Math.floor(minute / MINUTES.length)
  return MINUTES[minute - turn * MINUTES.length]! + turn * DRIFT
}

/** A strategy that trades every few candles of a sawtooth, and limits that let it. */
export const BUSY = {
  strategy: { left: 1, right: 1, length: 3, ties: 'any', stop: 'latest' },
  limits: {
    ...{ ordersPerMinute: 100, entriesPerMinute: 100, ordersPerDay: 10_000, entriesPerDay: 10_000 },
    ...{ roundTripsBeforeReducing: 10_000, rejectsBeforeReducing: 10_000 },
    // A machine that is busy besides makes seconds of a fast market long.
    ...{ maxClockSkewMs: 60_000, maxDecisionAgeMs: 40_000, maxBarAgeMs: 300_000 },
    ...{ maxReconcileAgeMs: 600_000, entryLifeMs: 120_000 },
  },
}

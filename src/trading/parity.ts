import { tradableFrom } from '../market/candleClose.ts'
import type { EpochMs } from '../market/time.ts'
import type { JournalledDecision } from '../ports/decisions.ts'
import type { ParityCause, ParityDifference, ParityReport } from '../ports/trading.ts'
import type { Decision } from '../strategy/decision.ts'
import { type LivedDay, type ReplayedDay, replayDay } from './dayReplay.ts'
import { compareFills } from './parityFills.ts'
import { LAYERS } from './parityLayers.ts'
import { gridOf } from './settings.ts'

/**
 * A day as its backtest against what was done live, with the cause of each difference. Of the replays only those are made
 * that are needed to explain it; `pause` lets others have their turn between them.
 */
export async function compareDay(day: LivedDay, pause: () => Promise<void>): Promise<ParityReport> {
  const backtest = replayDay(day, LAYERS[0]!)
  const times = comparedTimes(day, backtest)
  const replays = [backtest]
  const isUnexplained = (time: EpochMs) => layerOf(day, replays, time) === -1
  while (replays.length < LAYERS.length && times.some(isUnexplained)) {
    await pause()
    replays.push(replayDay(day, LAYERS[replays.length]!))
  }
  const decided = times.flatMap((time) => decisionDifference(day, replays, time) ?? [])
  const causeOf = (time: EpochMs) => decided.find((difference) => difference.time === time)?.cause
  const { fills, differences: filled } = compareFills(day, backtest.fills, causeOf)
  const differences = [...decided, ...filled].sort((a, b) => a.time - b.time)
  const { symbol, size } = day.settings
  const { date } = day.session
  return { date, symbol, size, decisions: times.length, fills, differences, causes: countsOf(differences) }
}

/** The first replay that decides as it was decided live, -1 when none does; null where nothing was decided. */
function layerOf({ decisions }: LivedDay, replays: readonly ReplayedDay[], time: EpochMs): number | null {
  const live = decisions.get(time)
  if (live === undefined) return null
  return replays.findIndex((each) => {
    const decision = each.decisions.get(time)
    return decision !== undefined && differing(live, decision).length === 0
  })
}

/** Candles of the session that either has decided on. */
function comparedTimes(day: LivedDay, backtest: ReplayedDay): EpochMs[] {
  const { session, decisions } = day
  const times = new Set([...decisions.keys(), ...backtest.decisions.keys()])
  return [...times]
    .filter((time) => time >= session.from && time < session.to && !isCarried(day, backtest, time))
    .sort((a, b) => a - b)
}

/** An order of the last close is kept for the next open, and journalled when it is made (strategy, F6). */
function isCarried(
  { settings, session, decisions }: LivedDay,
  backtest: ReplayedDay,
  time: EpochMs,
): boolean {
  if (decisions.has(time) || tradableFrom(gridOf(settings), time) < session.to) return false
  return backtest.decisions.get(time)?.action !== 'none'
}

function decisionDifference(
  day: LivedDay,
  replays: readonly ReplayedDay[],
  time: EpochMs,
): ParityDifference | null {
  const live = day.decisions.get(time)
  const of = { kind: 'decision', time } as const
  if (live === undefined) return { ...of, cause: 'state', detail: 'no decision was made: no trader ran' }
  const k = layerOf(day, replays, time)!
  if (k === 0) return null
  const replayed = replays[0]!.decisions.get(time)
  const what = replayed === undefined ? ['no candle'] : differing(live, replayed)
  return { ...of, cause: LAYERS[k]?.cause ?? null, detail: detailOf(live, replayed, what) }
}

/** An average that began elsewhere differs in digits that no price has. */
const TOLERANCE = 1e-6

/** What of two decisions at one close is not the same. */
function differing(live: JournalledDecision, replayed: Decision): string[] {
  const same: Readonly<Record<string, boolean>> = {
    close: isNear(live.close, replayed.close),
    position: live.position === replayed.position,
    breakout: isNear(live.breakout?.price, replayed.breakout?.price),
    swingLow: isNear(live.swingLow?.price, replayed.swingLow?.price),
    movingAverage: isNear(live.movingAverage, replayed.movingAverage),
    stop: isNear(live.stop, replayed.stop),
    action: live.action === replayed.action,
  }
  return Object.keys(same).filter((name) => !same[name])
}

const isNear = (a: number | null = null, b: number | null = null): boolean =>
  a === null || b === null ? a === b : Math.abs(a - b) <= TOLERANCE * Math.abs(b)

function detailOf(live: JournalledDecision, replayed: Decision | undefined, what: readonly string[]): string {
  if (replayed === undefined) return `the stored bars make no candle; live it was ${live.action}`
  const acts = `${live.action} live, ${replayed.action} in the replay`
  return `${what.join(', ')} differ: ${acts}; live: ${live.reason}; replay: ${replayed.reason}`
}

function countsOf(differences: readonly ParityDifference[]): Record<ParityCause, number> {
  const count = (cause: ParityCause) => differences.filter((each) => each.cause === cause).length
  return { data: count('data'), timing: count('timing'), fill: count('fill'), state: count('state') }
}

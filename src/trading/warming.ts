import { exchangeDate } from '../market/session.ts'
import { type EpochMs, plus } from '../market/time.ts'
import type { ClosedCandle } from './closedCandles.ts'
import { Decider } from './decider.ts'
import { concludeLevel, lowerLevel } from './levels.ts'
import type { Parts } from './parts.ts'
import { replay } from './replay.ts'
import { priceSplitOf } from './split.ts'

/** A candle has closed: taken in, and once everything before it is, decided on. */
export async function onCandle(parts: Parts, closed: ClosedCandle): Promise<void> {
  const { decider, view, deps } = parts
  const i = decider.push(closed)
  if (!parts.isWarm) return
  await noteFirst(parts)
  await watchSplit(parts, i)
  parts.made.push(decider.close(i, view.values?.netLiquidation ?? 0, deps.market.now()))
}

/** Levels of before a split mean nothing after it: a person has to say that it was none, or that all is well (D12). */
async function watchSplit({ deps, decider, ledger }: Parts, from: number): Promise<void> {
  const { time, open, close } = decider.bars
  const { cause, since } = ledger.trader
  for (let i = Math.max(1, from); i < decider.bars.length; i++) {
    const isOvernight = exchangeDate(time[i] as EpochMs) !== exchangeDate(time[i - 1] as EpochMs)
    const reason = isOvernight ? priceSplitOf(close[i - 1]!, open[i]!) : null
    if (reason === null || (cause === 'person' && since > time[i]!)) continue
    ledger.trader = await lowerLevel(
      deps.stores,
      { level: 'halted', reason, cause: 'fault' },
      deps.market.now(),
    )
  }
}

/** Everything that has closed before is there: the engine is brought to where it would be had it never stopped. */
export async function onWarm(parts: Parts): Promise<void> {
  const { deps, decider } = parts
  await rebuild(parts)
  await watchSplit(parts, 0)
  parts.isWarm = true
  await noteFirst(parts)
  deps.log.info({ candles: decider.bars.length, need: decider.need }, 'the trader is warmed up')
}

/** Where a replay begins. A trader without any history is warm at once, and its first candle comes later. */
async function noteFirst({ deps, decider, ledger }: Parts): Promise<void> {
  if (ledger.trader.warmedFrom !== null || decider.bars.length === 0) return
  const warmedFrom = decider.bars.time[0] as EpochMs
  ledger.trader = await concludeLevel(deps.stores, { warmedFrom })
}

/** The decisions that nobody has been told of are made again. */
export async function rebuild(parts: Parts): Promise<void> {
  const { deps, decider, ledger } = parts
  const { bars } = decider
  const found =
    bars.length === 0 || ledger.trader.warmedFrom === null
      ? []
      : await deps.stores.decisions.between(ledger.symbol, {
          from: bars.time[0] as EpochMs,
          to: plus(bars.time[bars.length - 1] as EpochMs, 1),
        })
  const decisions = new Map(found.map((decision) => [decision.time, decision]))
  parts.made = replay(decider, { decisions, executions: ledger.bookings.all, intents: ledger.intents })
}

/** Follows the candles of the settings, from the entry of what is held on; what it returns ends that. */
export function follow(parts: Parts, series: number, onFault: (error: unknown) => void): () => void {
  const { deps, instrument, ledger, inbox } = parts
  const { settings } = ledger.trader
  const ended = new AbortController()
  parts.decider = new Decider(settings, instrument)
  parts.isWarm = false
  parts.made = []
  const [first] = ledger.holding.open
  const entry = ledger.holding.quantity > 0 && first ? ledger.intent(first.intent) : null
  const request = { instrument, settings, decidingFrom: entry?.candleTime ?? null }
  const sink = {
    candle: (candle: ClosedCandle) => inbox.put({ kind: 'candle', candle, series }),
    warm: () => inbox.put({ kind: 'warm', series }),
  }
  deps.candles.follow(request, sink, ended.signal).catch((error) => {
    if (!ended.signal.aborted) onFault(error)
  })
  return () => ended.abort(new Error('the candles are no longer followed'))
}

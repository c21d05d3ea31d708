import { setTimeout as sleep } from 'node:timers/promises'
import type { EpochMs } from '../../src/market/time.ts'
import type { Stores } from '../../src/ports/stores.ts'
import { FIRST, LAST, minuteCandle, orderAt, SYMBOL, startOf, tradingDay } from './day.ts'
import { Peer } from './peer.ts'
import { startTrader, type TraderUnderTest } from './trader.ts'
import type { Sample } from './wire.ts'

const LOOK_EVERY_MS = 2
const PATIENCE_MS = 15_000

/** One day of trading. What was measured of each order. */
export async function tradeDay(stores: Stores, day: number): Promise<Sample[]> {
  const session = tradingDay(day)
  const peer = await Peer.start(day)
  const trader = await startTrader(stores, peer.port, startOf(session))
  try {
    await until('the trader is ready', async () => isReady(trader))
    const samples: Sample[] = []
    for (let candle = FIRST; candle <= LAST; candle++) {
      const order = orderAt(candle)
      const sample = await peer.pass({ candle, isOrdered: order !== null })
      if (sample !== null) samples.push(sample)
      const { time } = minuteCandle(session, candle)
      await until(`candle ${candle} is settled`, () => isSettled(stores, time, order))
    }
    return samples
  } finally {
    await trader.stop()
    peer.stop()
  }
}

function isReady(trader: TraderUnderTest): boolean {
  const standing = trader.standing()
  return standing !== null && standing.state === 'active' && standing.isReconciled
}

/** Decided, filled and booked; after an entry its stop is at work, after an exit it is gone. */
async function isSettled(
  { decisions, intents, executions }: Stores,
  candle: EpochMs,
  order: 'entry' | 'exit' | null,
) {
  const decision = await decisions.find(SYMBOL, candle)
  if (decision === null) return false
  if ((decision.outcome === 'ordered') !== (order !== null))
    throw new Error(`the decision was ${decision.outcome}: ${decision.hindrance ?? decision.reason}`)
  if (order === null) return true
  const open = await intents.open()
  const position = await executions.position(SYMBOL)
  if (order === 'exit') return open.length === 0 && position === 0
  return position > 0 && open.length === 1 && open[0]!.state === 'working'
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE_MS
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`in vain: ${what}`)
    await sleep(LOOK_EVERY_MS)
  }
}

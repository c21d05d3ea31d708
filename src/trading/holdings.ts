import { amount } from '../market/money.ts'
import type { BookedExecution, BookedTrip } from '../ports/executions.ts'
import type { Stores } from '../ports/stores.ts'
import type { HeldPosition, NumberedTrade } from '../ports/trading.ts'
import { latestSecond } from './latestSecond.ts'
import { bySymbol, type Holding, holdingOf, resultOf } from './trips.ts'

type HeldStores = Pick<Stores, 'executions' | 'intents' | 'bars' | 'instruments'>

/** What is held of each symbol, as our executions say. */
export async function heldPositions(stores: HeldStores): Promise<HeldPosition[]> {
  const positions: HeldPosition[] = []
  for (const [symbol, executions] of bySymbol(await stores.executions.held()))
    positions.push(await positionOf(stores, symbol, holdingOf(executions)))
  return positions
}

/** A round trip with the reasons of its orders. */
export async function tradeOf(
  stores: HeldStores,
  { ordinal, executions }: BookedTrip,
): Promise<NumberedTrade> {
  const [first, last] = [executions[0]!, executions.at(-1)!]
  return {
    ordinal,
    symbol: first.symbol,
    entryTime: first.time,
    entryReason: await reasonOf(stores, first),
    exitTime: last.time,
    exitReason: await reasonOf(stores, last),
    ...resultOf(executions),
  }
}

async function positionOf(
  stores: HeldStores,
  symbol: string,
  { quantity, averagePrice, open }: Holding,
): Promise<HeldPosition> {
  const price = await newestPrice(stores, symbol)
  const average = Number.isNaN(averagePrice) ? null : amount(averagePrice)
  const stops = (await stores.intents.open()).filter(
    (each) => each.purpose === 'stop' && each.symbol === symbol,
  )
  return {
    ...{ symbol, quantity, price },
    averagePrice: average,
    openedAt: open[0]!.time,
    unrealizedPnl: price === null || average === null ? null : amount((price - averagePrice) * quantity),
    protectiveStop: stops.at(-1)?.stopPrice ?? null,
  }
}

async function newestPrice(stores: HeldStores, symbol: string): Promise<number | null> {
  const instrument = await stores.instruments.find(symbol)
  return (instrument && (await latestSecond(stores, instrument)))?.close ?? null
}

const reasonOf = async ({ intents }: HeldStores, { intent }: BookedExecution): Promise<string> =>
  (intent === null ? null : await intents.find(intent))?.reason ?? 'no order of ours'

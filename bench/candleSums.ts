import type { BarSize } from '../src/market/barSize.ts'
import { resample } from '../src/market/resample.ts'
import type { ColumnQuery } from '../src/ports/bars.ts'
import type { Workbench } from './workbench.ts'

/** Candles in three numbers. */
export interface CandleSums {
  readonly candles: number
  /** Of open, high, low and close, in 1/10000. */
  readonly prices: number
  readonly volume: number
}

/** As the service makes candles: bars or rollups as columns, some days at a time, resampled by session. */
export async function candleSums(
  { stores }: Workbench,
  query: ColumnQuery,
  size: BarSize,
  onPart = () => {},
): Promise<CandleSums> {
  let [candles, prices, volume] = [0, 0, 0]
  for await (const bars of await stores.bars.columns(query)) {
    const part = resample(bars, { size, session: 'rth', align: 'session' })
    candles += part.length
    for (let i = 0; i < part.length; i++) {
      prices += part.open[i]! + part.high[i]! + part.low[i]! + part.close[i]!
      volume += part.volume[i]!
    }
    onPart()
  }
  return { candles, prices: Math.round(prices * query.instrument.priceScale), volume }
}

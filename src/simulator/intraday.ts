import { seededRandom } from '../market/seededRandom.ts'
import type { BarSeries } from '../market/series.ts'
import { type EpochMs, type Random, SECOND_MS } from '../market/time.ts'
import { normalFrom } from './noise.ts'

/** Some hours of one day through which the price goes from `start` to `end`, both logarithms. */
export interface Stretch {
  readonly from: EpochMs
  readonly seconds: number
  readonly start: number
  readonly end: number
  /** Standard deviation of the logarithmic move over the whole stretch. */
  readonly sigma: number
  /** How busy each second is: the mean number of moments at which something trades is `liquidity` times this. */
  readonly activity: Float64Array
  readonly liquidity: number
  /** Shares of the auctions in the first and the last second, 0 for none. */
  readonly auctions: readonly [first: number, last: number]
  readonly seed: number
}

/**
 * Adds the stretch's bars of one second to `bars`, which has room for them: seconds without a trade have none. All is
 * written into the columns at once: a day has sixty thousand seconds, and whoever asks for one waits for them.
 */
export function addSeconds(bars: BarSeries, stretch: Stretch): void {
  const { seconds, auctions } = stretch
  const random = seededRandom(stretch.seed)
  const normal = normalFrom(random)
  const rates = ratesOf(stretch, normal)
  const centsAt = bridge(stretch, rates, normal)
  for (let i = 0; i < seconds; i++) {
    const auction = i === 0 ? auctions[0] : i === seconds - 1 ? auctions[1] : 0
    const rate = rates[i]!
    if (auction === 0 && random() >= 1 - Math.exp(-rate)) continue
    const tradeCount = 1 + Math.floor(-Math.log(1 - random()) * rate * TRADES_PER_MOMENT)
    const shares = Math.round(tradeCount * SHARES_PER_TRADE * Math.exp(0.8 * normal()))
    bars.time[bars.length] = stretch.from + i * SECOND_MS
    bars.volume[bars.length] = Math.max(1, shares) + auction
    bars.tradeCount[bars.length] = tradeCount
    setPrices(bars, bars.length++, centsAt, i, random)
  }
}

/** Prices in cents, before rounding, by seconds after the start. */
type Path = (seconds: number) => number

const TRADES_PER_MOMENT = 2.5
const SHARES_PER_TRADE = 90
const CENTS = 100

/** Sets the prices of bar `at`, the second `i` of its stretch. */
function setPrices(bars: BarSeries, at: number, centsAt: Path, i: number, random: Random): void {
  const tradeCount = bars.tradeCount[at]!
  const close = tick(centsAt(i + 1), random)
  const open = tradeCount === 1 ? close : tick(centsAt(i), random)
  const high = Math.max(open, close) + reach(tradeCount, random)
  const low = Math.max(1, Math.min(open, close) - reach(tradeCount, random))
  bars.open[at] = open / CENTS
  bars.high[at] = high / CENTS
  bars.low[at] = low / CENTS
  bars.close[at] = close / CENTS
  bars.vwap[at] = Math.round(((open + high + low + close) / 4) * CENTS) / (CENTS * CENTS)
}

/** How far a second goes beyond its open and close, in cents. */
const reach = (tradeCount: number, random: Random): number => (tradeCount < 3 ? 0 : Math.floor(random() * 2))

/** A trade at the bid or at the ask, half a cent from the path; never below one cent. */
const tick = (cents: number, random: Random): number => Math.max(1, Math.round(cents + random() - 0.5))

const HEAT_STEP_SECONDS = 30
const HEAT_DECAY = 0.93
const HEAT_STEP = 0.14

/** The mean number of moments of each second at which something trades: busy minutes follow busy minutes. */
function ratesOf({ seconds, activity, liquidity }: Stretch, normal: Random): Float64Array {
  const rates = new Float64Array(seconds)
  let [logarithm, heat] = [0, 1]
  for (let i = 0; i < seconds; i++) {
    if (i % HEAT_STEP_SECONDS === 0) {
      logarithm = HEAT_DECAY * logarithm + HEAT_STEP * normal()
      heat = Math.exp(logarithm)
    }
    rates[i] = liquidity * activity[i]! * heat
  }
  return rates
}

/** A Brownian bridge, faster where it is busy. Prices are worked out where they are asked for: most are not. */
function bridge({ seconds, start, end, sigma }: Stretch, rates: Float64Array, normal: Random): Path {
  const [walk, variance] = [new Float64Array(seconds + 1), new Float64Array(seconds + 1)]
  for (let i = 0; i < seconds; i++) {
    variance[i + 1] = variance[i]! + rates[i]!
    walk[i + 1] = walk[i]! + Math.sqrt(rates[i]!) * normal()
  }
  const total = variance[seconds]!
  const scale = sigma / Math.sqrt(total)
  const drift = end - start - scale * walk[seconds]!
  return (i) => CENTS * Math.exp(start + scale * walk[i]! + (drift * variance[i]!) / total)
}

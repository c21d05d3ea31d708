import type { BarSeries } from '../market/series.ts'
import { type EpochMs, plus, type Random, SECOND_MS } from '../market/time.ts'
import { normalFrom, randomFrom } from './noise.ts'

/** Some hours of one day through which the price goes from `start` to `end`, both logarithms. */
export interface Stretch {
  readonly from: EpochMs
  readonly seconds: number
  readonly start: number
  readonly end: number
  /** Standard deviation of the logarithmic move over the whole stretch. */
  readonly sigma: number
  /** How busy it is at a fraction of the stretch: the mean number of moments per second at which something trades. */
  readonly activity: (fraction: number) => number
  /** Shares of the auctions in the first and the last second, 0 for none. */
  readonly auctions: readonly [first: number, last: number]
  readonly seed: number
}

/** Adds the stretch's bars of one second to `bars`: seconds without a trade have none. */
export function addSeconds(bars: BarSeries, stretch: Stretch): void {
  const random = randomFrom(stretch.seed)
  const normal = normalFrom(random)
  const heat = clusteredHeat(stretch.seconds, normal)
  const path = bridge(stretch, heat, normal)
  for (let i = 0; i < stretch.seconds; i++) {
    const auction = i === 0 ? stretch.auctions[0] : i === stretch.seconds - 1 ? stretch.auctions[1] : 0
    const rate = stretch.activity(i / stretch.seconds) * heat[i]!
    if (auction === 0 && random() >= 1 - Math.exp(-rate)) continue
    addSecond(
      bars,
      plus(stretch.from, i * SECOND_MS),
      { before: path[i]!, after: path[i + 1]!, rate, auction },
      random,
      normal,
    )
  }
}

interface Second {
  /** Prices in cents, before rounding. */
  readonly before: number
  readonly after: number
  readonly rate: number
  readonly auction: number
}

const TRADES_PER_MOMENT = 2.5
const SHARES_PER_TRADE = 90
const CENTS = 100

function addSecond(bars: BarSeries, time: EpochMs, second: Second, random: Random, normal: Random): void {
  const tradeCount = 1 + Math.floor(-Math.log(1 - random()) * second.rate * TRADES_PER_MOMENT)
  const shares = Math.round(tradeCount * SHARES_PER_TRADE * Math.exp(0.8 * normal()))
  const close = tick(second.after, random)
  const open = tradeCount === 1 ? close : tick(second.before, random)
  const reach = tradeCount < 3 ? 0 : Math.floor(random() * 2)
  const high = Math.max(open, close) + reach
  const low = Math.max(1, Math.min(open, close) - (tradeCount < 3 ? 0 : Math.floor(random() * 2)))
  bars.push({
    time,
    open: open / CENTS,
    high: high / CENTS,
    low: low / CENTS,
    close: close / CENTS,
    volume: Math.max(1, shares) + second.auction,
    vwap: Math.round(((open + high + low + close) / 4) * CENTS) / (CENTS * CENTS),
    tradeCount,
  })
}

/** A trade at the bid or at the ask, half a cent from the path; never below one cent. */
const tick = (cents: number, random: Random): number => Math.max(1, Math.round(cents + random() - 0.5))

const HEAT_STEP_SECONDS = 30
const HEAT_DECAY = 0.93
const HEAT_STEP = 0.14

/** How hot each second runs, about 1: busy minutes follow busy minutes. */
function clusteredHeat(seconds: number, normal: Random): Float64Array {
  const heat = new Float64Array(seconds)
  let logarithm = 0
  for (let i = 0; i < seconds; i++) {
    if (i % HEAT_STEP_SECONDS === 0) logarithm = HEAT_DECAY * logarithm + HEAT_STEP * normal()
    heat[i] = Math.exp(logarithm)
  }
  return heat
}

/** A Brownian bridge in cents, faster where it is busy: `seconds + 1` prices. */
function bridge(
  { seconds, start, end, sigma, activity }: Stretch,
  heat: Float64Array,
  normal: Random,
): Float64Array {
  const [walk, variance] = [new Float64Array(seconds + 1), new Float64Array(seconds + 1)]
  for (let i = 0; i < seconds; i++) {
    const step = activity(i / seconds) * heat[i]!
    variance[i + 1] = variance[i]! + step
    walk[i + 1] = walk[i]! + Math.sqrt(step) * normal()
  }
  const total = variance[seconds]!
  const scale = sigma / Math.sqrt(total)
  const drift = end - start - scale * walk[seconds]!
  return walk.map((moved, i) => CENTS * Math.exp(start + scale * moved + (drift * variance[i]!) / total))
}

import { seededRandom } from '../../src/market/seededRandom.ts'
import { sessionsBetween } from '../../src/market/session.ts'
import { isoInstant, MINUTE_MS, parseInstant, plus } from '../../src/market/time.ts'

const FROM = '2022-01-01T00:00:00Z'
const TO = '2023-01-01T00:00:00Z'

/** A year of minutes that walk at random, as CSV. */
export function yearOfMinutes(): string {
  const random = seededRandom(11)
  const lines = ['time,open,high,low,close,volume']
  let price = 400
  for (const { from, to } of sessionsBetween({ from: parseInstant(FROM), to: parseInstant(TO) }, 'rth')) {
    for (let at = from; at < to; at = plus(at, MINUTE_MS)) {
      const open = price
      price = Math.max(100, price + (random() - 0.5) * 0.4)
      const [high, low] = [Math.max(open, price) + random() * 0.1, Math.min(open, price) - random() * 0.1]
      lines.push([isoInstant(at), ...[open, high, low, price].map((it) => it.toFixed(2)), 1_000].join(','))
    }
  }
  return `${lines.join('\n')}\n`
}

/** Runs one backtest after another until the signal is aborted. Resolves with how many ended well. */
export async function backtesting(url: string, signal: AbortSignal): Promise<number> {
  let done = 0
  while (!signal.aborted) {
    const answer = await fetch(`${url}/v1/backtests`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ symbol: 'SPY', from: FROM, to: TO, size: '5m', base: '1m', force: true }),
      signal,
    }).catch(() => null)
    if (answer?.status === 201) done++
    else await new Promise((resolve) => setTimeout(resolve, 500))
    await answer?.arrayBuffer().catch(() => {})
  }
  return done
}

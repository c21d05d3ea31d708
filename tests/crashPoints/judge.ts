import type { Books } from '../support/books.ts'

const SHARES = 10
const NAKED_MS = 5_000

/**
 * What the broker's books alone say is wrong. A position is never above what one entry buys and never short; of one
 * decision one entry is executed; no more than five seconds of market time pass without a stop below every share that
 * is held. A machine second is many of those, and no process need be alive: only a stop at the broker is one.
 */
export function faultsIn({ now, orders, executions, nakedSpans }: Books): string[] {
  let held = 0
  const positions = executions.map(({ side, quantity, id }) => {
    held += side === 'BOT' ? quantity : -quantity
    return held < 0 || held > SHARES ? [`${held} shares are held after execution ${id}`] : []
  })
  const entered = orders.filter(({ action, filled }) => action === 'BUY' && filled > 0)
  const doubled = entered.filter(
    ({ orderRef }, i) => entered.findIndex((other) => other.orderRef === orderRef) < i,
  )
  const naked = nakedSpans
    .map(({ from, to }) => ({ from, ms: Date.parse(to ?? now) - Date.parse(from) }))
    .filter(({ ms }) => ms > NAKED_MS)
  return [
    ...positions.flat(),
    ...doubled.map(({ orderId, orderRef }) => `order ${orderId} enters a second time for ${orderRef}`),
    ...naked.map(({ from, ms }) => `no stop for ${ms / 1_000} s of market time from ${from}`),
  ]
}

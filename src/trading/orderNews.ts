import type { EpochMs } from '../market/time.ts'
import type { EventData, NewEvent } from '../ports/events.ts'
import type { Intent, IntentState } from '../ports/intents.ts'

type OrderEventType = Extract<keyof EventData, `order.${string}`>

/** What others are told when an intent has become what it is now. */
export function orderNews(before: Intent, after: Intent, at: EpochMs): NewEvent[] {
  const types: OrderEventType[] = []
  if (isUnheard(before.state) && !isUnheard(after.state) && after.state !== 'rejected')
    types.push('order.submitted')
  if (after.state !== before.state && isTold(after.state)) types.push(`order.${after.state}`)
  else if (after.filled > before.filled) types.push('order.partially_filled')
  return types.map((type) => ({ type, time: at, data: dataOf(after) }))
}

/** The broker has not been heard of it. What has expired was proven not to have reached it. */
const isUnheard = (state: IntentState): boolean =>
  ['reserved', 'sending', 'unresolved', 'expired'].includes(state)

const isTold = (state: IntentState): state is 'filled' | 'rejected' | 'cancelled' =>
  ['filled', 'rejected', 'cancelled'].includes(state)

function dataOf(intent: Intent): EventData[OrderEventType] {
  const { orderRef, orderId, purpose, symbol, side, type, quantity, filled, averagePrice, stopPrice } = intent
  const isBad = intent.state === 'rejected' || intent.state === 'cancelled'
  const reason = isBad ? (intent.detail ?? intent.reason) : intent.reason
  const terms = { symbol, side, type, quantity, filled, averagePrice, stopPrice }
  return { orderRef, orderId: orderId!, purpose, ...terms, reason }
}

import { expect, test } from 'vitest'
import { orderEffect } from '../../../src/gateway/orderCodes.ts'

const HELD =
  'Order Message:\nBUY 100 SPY NYSE.ARCA\nWarning: your order will not be placed at the exchange until 2024-06-04 09:30:00 US/Eastern'

/** Code, text, what it means for an order that TWS has not taken yet, and for one that it has. */
const CASES = [
  [103, 'Duplicate order id', 'duplicate', 'duplicate'],
  [104, 'Cannot modify a filled order', 'unknown', 'unknown'],
  [105, 'Order being modified does not match original order', 'unknown', 'unknown'],
  [107, 'Cannot transmit incomplete order', 'rejected', 'unknown'],
  [109, 'Price is out of the range defined by the Percentage setting', 'rejected', 'unknown'],
  [110, 'The price does not conform to the minimum price variation', 'rejected', 'unknown'],
  [135, "Can't find order with id =5", 'unknown', 'unknown'],
  [161, 'Cancel attempted when order is not in a cancellable state', 'unknown', 'unknown'],
  [200, 'No security definition has been found for the request', 'rejected', 'unknown'],
  [201, 'Order rejected - reason:no margin', 'rejected', 'rejected'],
  [202, 'Order Canceled - reason:', 'cancelled', 'cancelled'],
  [203, 'The security SPY is not available or allowed for this account', 'rejected', 'unknown'],
  [321, 'Error validating request.-read-only', 'rejected', 'unknown'],
  [387, 'Unsupported order type for this exchange and security type.', 'rejected', 'unknown'],
  [391, 'The time or time-zone entered is invalid.', 'rejected', 'unknown'],
  [399, HELD, 'held', 'held'],
  [399, 'Order Message:\nWarning: your order is being held.', 'held', 'held'],
  [399, 'Order Message:\nWarning: something else', 'note', 'note'],
  [404, 'Order held while securities are located', 'held', 'held'],
  [434, 'The order size cannot be zero', 'rejected', 'unknown'],
  [460, 'No trading permissions', 'rejected', 'unknown'],
  [2109, 'Attribute "Outside Regular Trading Hours" is ignored', 'note', 'note'],
  [2161, 'A warning that nobody knows', 'note', 'note'],
  [10006, 'Missing parent order.', 'rejected', 'unknown'],
  [10147, 'OrderId 5 that needs to be cancelled is not found.', 'unknown', 'unknown'],
  [10148, 'OrderId 5 that needs to be cancelled cannot be cancelled, state: Filled.', 'unknown', 'unknown'],
  [
    10148,
    'OrderId 5 that needs to be cancelled cannot be cancelled, state: Cancelled.',
    'cancelled',
    'cancelled',
  ],
  [
    10148,
    'OrderId 5 that needs to be cancelled can not be cancelled, state: ApiCancelled.',
    'cancelled',
    'cancelled',
  ],
  [
    10148,
    'OrderId 5 that needs to be cancelled cannot be cancelled, state: PendingCancel.',
    'unknown',
    'unknown',
  ],
  [10243, 'Fractional-sized order cannot be placed via API.', 'rejected', 'unknown'],
  [10349, 'Order TIF was set to DAY based on order preset.', 'note', 'note'],
  [10999, 'A code that nobody knows', 'unknown', 'unknown'],
] as const

for (const [code, text, fresh, taken] of CASES) {
  test(`${code} "${text.slice(0, 40)}" means ${fresh} to a new order and ${taken} to one that TWS has`, () => {
    expect([orderEffect(code, text, false), orderEffect(code, text, true)]).toEqual([fresh, taken])
  })
}

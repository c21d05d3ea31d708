import { expect, test } from 'vitest'
import { parseInstant } from '../../../src/market/time.ts'
import type { Intent } from '../../../src/ports/intents.ts'
import type { Trader } from '../../../src/ports/traders.ts'
import { factsOf, type Wanted, type World } from '../../../src/trading/facts.ts'
import { Ledger } from '../../../src/trading/ledger.ts'
import { DEFAULT_SETTINGS } from '../../../src/trading/settings.ts'
import { intent } from '../samples.ts'

const NOW = parseInstant('2024-06-04T15:00:30Z')
const trader = { level: 'active', cause: 'start', since: NOW, settings: DEFAULT_SETTINGS } as Trader

/** What was sent, as an order would be judged by it now. */
function sentOf(intents: readonly Partial<Intent>[]) {
  const ledger = new Ledger('SPY')
  for (const [k, fields] of intents.entries()) {
    ledger.put(intent({ id: `${k}`.padEnd(26, '0'), ordinal: k, state: 'filled', ...fields }))
  }
  return factsOf(ledger, trader, 0, {} as World, {} as Wanted, NOW).sent
}

test('orders are counted from midnight at the exchange on, and within a minute', () => {
  const sent = sentOf([
    { createdAt: parseInstant('2024-06-04T03:59:59.999Z') },
    { createdAt: parseInstant('2024-06-04T04:00:00Z') },
    { createdAt: parseInstant('2024-06-04T14:59:30Z') },
    { createdAt: parseInstant('2024-06-04T14:59:30.001Z') },
    { createdAt: NOW },
  ])
  expect(sent).toEqual({ orders: { minute: 2, day: 4 }, entries: { minute: 2, day: 4 } })
})

test('exits are orders and no entries, stops and what was denied are neither', () => {
  const sent = sentOf([
    { createdAt: NOW, purpose: 'entry' },
    { createdAt: NOW, purpose: 'exit' },
    { createdAt: NOW, purpose: 'stop' },
    { createdAt: NOW, purpose: 'entry', state: 'denied' },
  ])
  expect(sent).toEqual({ orders: { minute: 2, day: 2 }, entries: { minute: 1, day: 1 } })
})

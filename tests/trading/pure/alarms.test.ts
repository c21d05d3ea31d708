import { expect, test } from 'vitest'
import { openAlerts } from '../../../src/alerts.ts'
import type { Intent } from '../../../src/ports/intents.ts'
import { Alarms } from '../../../src/trading/alarms.ts'
import { Bookings } from '../../../src/trading/bookings.ts'
import { Ledger } from '../../../src/trading/ledger.ts'
import { manualClock } from '../../support/manualClock.ts'
import { silentLog } from '../../support/simulator.ts'
import { execution, intent, NOON, trader } from '../samples.ts'

const AGREED = { mismatch: null, foreign: null } as { mismatch: string | null; foreign: string | null }

/** Ten shares are held, and these orders are known. */
function stage(...intents: readonly Intent[]) {
  const clock = manualClock(NOON)
  const alerts = openAlerts({ market: clock, log: silentLog })
  const ledger = new Ledger('SPY')
  ledger.trader = trader()
  ledger.bookings = Bookings.of([execution(1)])
  for (const each of intents) ledger.put(each)
  const alarms = new Alarms({ alerts, machine: clock })
  const standing = (view = AGREED) => {
    alarms.update(ledger, view)
    return alerts.standing().map(({ name, detail }) => [name, detail])
  }
  return { clock, ledger, standing }
}

const stop = (fields: Partial<Intent> = {}) => intent({ purpose: 'stop', ...fields })

test.each([
  ['no stop at all', [], 10],
  ['a stop that was cancelled', [stop({ state: 'cancelled' })], 10],
  ['a stop that was never answered', [stop({ state: 'sending' })], 10],
  ['a stop of too few', [stop({ quantity: 4 })], 6],
])('a position with %s is told after five seconds, until it has one', async (_, intents, naked) => {
  const { clock, ledger, standing } = stage(...intents)
  expect(standing()).toEqual([])
  await clock.advance(4_999)
  expect(standing()).toEqual([])
  await clock.advance(1)
  expect(standing()).toEqual([['trader.naked', `no stop covers ${naked} of 10 SPY`]])
  ledger.put(stop())
  expect(standing()).toEqual([])
  ledger.put(stop({ state: 'cancelled' }))
  expect(standing()).toEqual([])
})

test('a position whose stop works, whole or in parts, is never told', async () => {
  const { clock, ledger, standing } = stage(stop())
  await clock.advance(60_000)
  expect(standing()).toEqual([])
  ledger.put(stop({ state: 'partial', filled: 4 }))
  ledger.bookings = Bookings.of([execution(1), execution(2, { side: 'sell', quantity: 4 })])
  standing()
  await clock.advance(60_000)
  expect(standing()).toEqual([])
})

test('books that differ, strangers, doubts and a halt are told while they last', () => {
  const { ledger, standing } = stage(stop())
  expect(standing({ mismatch: '10 here, 0 there', foreign: 'a stranger' })).toEqual([
    ['trader.mismatch', '10 here, 0 there'],
    ['trader.foreign', 'a stranger'],
  ])
  ledger.trader = trader({ level: 'halted', reason: 'a person' })
  ledger.put(intent({ state: 'unresolved', orderRef: 'PB-1' }))
  expect(standing()).toEqual([
    ['trader.halted', 'a person'],
    ['trader.unresolved', 'nobody knows what became of PB-1'],
  ])
  ledger.trader = trader()
  ledger.put(intent({ state: 'filled', orderRef: 'PB-1' }))
  expect(standing()).toEqual([])
})

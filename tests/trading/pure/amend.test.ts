import { expect, test } from 'vitest'
import { amend } from '../../../src/trading/amend.ts'
import { BrokerView } from '../../../src/trading/brokerView.ts'
import { Ledger } from '../../../src/trading/ledger.ts'
import type { Parts } from '../../../src/trading/parts.ts'
import { EVENING } from '../../support/bars.ts'
import { manualClock } from '../../support/manualClock.ts'
import { newIntent, newTrader } from '../../support/trading.ts'
import { memoryDatabase } from '../../support/twins/database.ts'

test('a stop that is amended says so: its price, its size and its reason are those of the new terms', async () => {
  const { stores } = memoryDatabase()
  const stop = { purpose: 'stop', type: 'stop', side: 'sell', stopPrice: 172.75 } as const
  const made = await stores.intents.create(newIntent({ ...stop, reason: 'protective stop 172.75' }))
  await stores.traders.create(newTrader())
  const ledger = new Ledger('SPY')
  await ledger.load(stores, EVENING)
  const deps = { stores, market: manualClock(EVENING), broker: { session: null } }
  const parts = { deps, ledger, view: new BrokerView() } as unknown as Parts
  await amend(parts, made, { quantity: 60, stopPrice: 172.8 })
  const changed = { quantity: 60, stopPrice: 172.8, reason: 'protective stop 172.80' }
  expect(await stores.intents.find(made.id)).toEqual({ ...made, ...changed })
  expect(ledger.intent(made.id)).toMatchObject(changed)
})

import { afterAll, beforeEach, describe } from 'vitest'
import { intentStoreContract } from '../contracts/intents.ts'
import { testDatabase } from '../support/database.ts'

const { pool, stores, drop } = await testDatabase()
afterAll(drop)

/** The journal lets nobody empty it but its owner. */
beforeEach(async () => {
  const journals = ['intents', 'order_events', 'executions', 'decisions']
  const all = (statement: string) => journals.map((table) => `alter table ${table} ${statement}`).join(';')
  await pool.query(`${all('disable trigger user')};
    truncate traders, trader_starts, ${journals.join()};
    ${all('enable trigger user')}`)
})

describe('intents', () => intentStoreContract(async () => stores))

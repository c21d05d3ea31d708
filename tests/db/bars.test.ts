import { afterAll } from 'vitest'
import { barStoreContract } from '../contracts/bars.ts'
import { testDatabase } from '../support/database.ts'

const database = await testDatabase()
afterAll(database.drop)

barStoreContract(async () => database.stores)

import { resolve } from 'node:path'
import { messageOf } from '../../src/errors.ts'
import { removeCluster } from './remove.ts'

// `npm run db:destroy`: removes the embedded database of DATA_DIR and says what it has removed.
const dataDir = resolve(process.env.DATA_DIR || './data')
try {
  const removed = await removeCluster({ dataDir })
  if (removed.length === 0) console.log(`There is no embedded database of ${dataDir}.`)
  for (const folder of removed) console.log(`Removed ${folder}`)
} catch (error) {
  console.error(messageOf(error))
  process.exitCode = 1
}

import { resolve } from 'node:path'
import { invalid } from '../../src/errors.ts'
import { createLog } from '../../src/log.ts'
import { atDatabase, conclude, dataDir } from '../maintenance.ts'
import { backup } from './backup.ts'
import type { Manifest } from './manifest.ts'
import { restore } from './restore.ts'

// `npm run backup -- FOLDER` writes everything into a new folder, beside a running service or without one.
// `npm run restore -- FOLDER` reads it into the empty database of DATABASE_URL or DATA_DIR.
const log = createLog('warn')

const told = ({ tables, madeAt }: Manifest): string => {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  return `${rows.toLocaleString('en')} rows in ${tables.length} tables, as of ${madeAt}`
}

await conclude(async () => {
  const [verb, name, ...more] = process.argv.slice(2)
  if (name === undefined || more.length > 0) throw invalid(`Name one folder: npm run ${verb} -- FOLDER`)
  const folder = resolve(name)
  const task = (url: string) => ({ url, folder, dataDir: dataDir() })
  if (verb === 'backup') {
    const made = await atDatabase(log, (url) => backup(task(url)), { joins: true })
    console.log(`${told(made)}: backed up to ${folder}, which also holds the secrets of ${dataDir()}.`)
  } else {
    const put = await atDatabase(log, (url) => restore(task(url), log))
    console.log(`${told(put)}: restored and verified.`)
  }
})

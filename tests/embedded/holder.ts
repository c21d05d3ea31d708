import pg from 'pg'
import { startCluster } from '../../db/embedded/cluster.ts'
import { messageOf } from '../../src/errors.ts'
import { createLog } from '../../src/log.ts'

// The child of `writer.ts`: first the cluster's facts, or why there is none, then every row that was acknowledged.
const [dataDir = ''] = process.argv.slice(2)
const cluster = await startCluster({ dataDir, sync: false, log: createLog('silent') }).catch((error) => {
  console.log(JSON.stringify({ refusal: messageOf(error) }))
  process.exit(1)
})
const { url, directory, pid } = cluster
console.log(JSON.stringify({ url, directory, serverPid: pid }))
const client = new pg.Client(url)
await client.connect()
await client.query('create table if not exists row (id int primary key)')
const { rows } = await client.query('select coalesce(max(id), 0) as last from row')
for (let id = rows[0].last + 1; ; id += 1) {
  await client.query('insert into row values ($1)', [id])
  console.log(id)
}

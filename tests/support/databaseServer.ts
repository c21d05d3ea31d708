import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCluster } from '../../db/embedded/cluster.ts'
import { migrate } from '../../db/migrate.ts'
import { createLog } from '../../src/log.ts'
import { createDatabase, dropDatabase } from './databases.ts'

export interface TemplateServer {
  /** The migrated database from which others are copied. Nobody connects to it. */
  readonly templateUrl: string
  stop(): Promise<void>
}

const log = createLog('error')

/** A server with the template on it. */
export async function startTemplateServer(): Promise<TemplateServer> {
  const server = await startServer()
  const templateUrl = await createDatabase(server.url)
  await migrate({ url: templateUrl, log })
  const stop = async () => {
    await dropDatabase(templateUrl)
    await server.stop()
  }
  return { templateUrl, stop }
}

/** That of TEST_DATABASE_URL, or an embedded one of which nothing is left after its end. */
export async function startServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const url = process.env.TEST_DATABASE_URL
  if (url !== undefined) return { url, stop: async () => {} }
  const dataDir = await mkdtemp(join(tmpdir(), 'pivot-tests-'))
  await chmod(dataDir, 0o755) // the server may run as another user
  const cluster = await startCluster({ dataDir, log, sync: false })
  const stop = async () => {
    await cluster.stop()
    await rm(dataDir, { recursive: true })
  }
  return { url: cluster.url, stop }
}

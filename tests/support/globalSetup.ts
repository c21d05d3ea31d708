import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startCluster } from '../../db/embedded/cluster.ts'
import { migrate } from '../../db/migrate.ts'
import { createLog } from '../../src/log.ts'
import { createDatabase, dropDatabase } from './databases.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The migrated database from which the tests' own are copied. Nobody connects to it. */
    readonly templateUrl: string
  }
}

const log = createLog('error')

/** One server for the whole run, and on it the template. Vitest calls what it resolves with at the end. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const server = await startServer()
  const templateUrl = await createDatabase(server.url)
  await migrate({ url: templateUrl, log })
  provide('templateUrl', templateUrl)
  return async () => {
    await dropDatabase(templateUrl)
    await server.stop()
  }
}

/** That of TEST_DATABASE_URL, or an embedded one. */
async function startServer(): Promise<{ url: string; stop(): Promise<void> }> {
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

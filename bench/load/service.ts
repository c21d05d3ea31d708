import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The service as a process of its own, as `npm start` runs it, in a folder that goes with it. */
export interface LoadedService {
  readonly url: string
  readonly token: string
  readonly dataDir: string
  /** Null while it runs. */
  readonly exitCode: () => number | null
  readonly output: () => string
  /** Resolves with its exit code and removes what it has kept. */
  stop(): Promise<number | null>
}

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url))
const UP = /API +(http:\/\/127\.0\.0\.1:\d+)/

export async function startLoadedService(env: Record<string, string>): Promise<LoadedService> {
  const dataDir = await mkdtemp(join(tmpdir(), 'pivot-load-'))
  await chmod(dataDir, 0o755)
  const child = spawn(process.execPath, ['--enable-source-maps', MAIN], {
    env: { PATH: process.env.PATH ?? '', PORT: '0', LOG_LEVEL: 'warn', DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { output, up } = listening(child)
  return {
    url: await up,
    token: (await readFile(join(dataDir, 'token'), 'utf8')).trim(),
    dataDir,
    exitCode: () => child.exitCode,
    output,
    async stop() {
      const exited = child.exitCode === null ? once(child, 'exit') : Promise.resolve()
      child.kill('SIGTERM')
      await exited
      await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
      return child.exitCode
    },
  }
}

function listening(child: ChildProcess): { output: () => string; up: Promise<string> } {
  let text = ''
  const up = new Promise<string>((resolve, reject) => {
    let found: RegExpExecArray | null = null
    const take = (chunk: Buffer): void => {
      text += chunk
      found ??= UP.exec(text)
      if (found) resolve(found[1]!)
    }
    child.stdout!.on('data', take)
    child.stderr!.on('data', take)
    child.once('exit', () => reject(new Error(`the service has ended:\n${text}`)))
  })
  return { output: () => text, up }
}

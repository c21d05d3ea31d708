import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const START_DEADLINE_MS = 30_000

/** A program of ours as a process of its own, from the compiled files: `npm run build` comes before the tests. */
export interface Running {
  readonly pid: number
  /** Where it says that it listens, `http://127.0.0.1:port` or `127.0.0.1:port`. */
  readonly address: string
  readonly output: () => string
  /** Resolves with the exit code, null when a signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>
}

const run = async (script: string, env: Record<string, string>, address: RegExp): Promise<Running> => {
  const child = spawn(process.execPath, [join(ROOT, 'dist', script)], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? '', NODE_ENV: 'test', LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { output, found } = watch(child, address)
  return {
    pid: child.pid!,
    address: await found,
    output,
    end: async (signal) => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
      child.kill(signal)
      const [code] = await once(child, 'exit')
      return code
    },
  }
}

function watch(child: ChildProcess, address: RegExp): { output: () => string; found: Promise<string> } {
  let text = ''
  const found = new Promise<string>((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`${why}:\n${text}`))
    const timer = setTimeout(() => fail('it does not say where it listens'), START_DEADLINE_MS)
    const take = (chunk: Buffer) => {
      text += chunk
      const match = address.exec(text)
      if (match === null) return
      clearTimeout(timer)
      resolve(match[1]!)
    }
    child.stdout!.on('data', take)
    child.stderr!.on('data', take)
    child.once('exit', () => {
      clearTimeout(timer)
      fail('it ended')
    })
  })
  return { output: () => text, found }
}

export const runService = (env: Record<string, string>): Promise<Running> =>
  run('src/main.js', { PORT: '0', ...env }, /API +(http:\/\/127\.0\.0\.1:\d+)/)

export const runSimulator = (env: Record<string, string>): Promise<Running> =>
  run('src/simulator/main.js', { SIM_PORT: '0', ...env }, /listens on (127\.0\.0\.1:\d+)/)

/** A folder that the database's user may enter, and what removes it. */
export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'pivot-service-'))
  await chmod(path, 0o755)
  // A database whose service was killed takes a moment to go.
  const remove = () => rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  return { path, remove }
}

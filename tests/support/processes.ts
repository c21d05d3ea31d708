import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Compiled, this file lies below `dist` too. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url)).replace(/dist\/$/, '')
const START_DEADLINE_MS = 30_000

/** A program of ours as a process of its own, from the compiled files: `npm run build` comes before the tests. */
export interface Program {
  readonly pid: number
  readonly output: () => string
  /** Settles when it has ended, and what it has started too: then all that was said is in `output`. */
  readonly ended: Promise<unknown>
  /** Resolves with the exit code, null when a signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>
}

export interface Running extends Program {
  /** A line on its standard input. */
  readonly tell: (line: string) => void
  /** Where it says that it listens, `http://127.0.0.1:port` or `127.0.0.1:port`. */
  readonly address: string
}

interface Start {
  /** Below `dist`. */
  readonly script: string
  readonly args?: readonly string[]
  readonly env?: Record<string, string>
  /** What it says when it is up; the first group is its address. */
  readonly up: RegExp
  /** How long that may take; half a minute if not said. */
  readonly deadlineMs?: number
}

/** Rejects when it ends before it is up. */
export async function run({
  script,
  args = [],
  env = {},
  up,
  deadlineMs = START_DEADLINE_MS,
}: Start): Promise<Running> {
  const child = spawn(process.execPath, [join(ROOT, 'dist', script), ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? '', NODE_ENV: 'test', LOG_LEVEL: 'info', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.on('error', () => {}) // who has ended hears nothing
  const exited = once(child, 'exit')
  const ended = once(child, 'close')
  const { output, found } = watch(child, up, deadlineMs)
  return {
    pid: child.pid!,
    address: await found.catch((error) => {
      child.kill('SIGKILL')
      throw error
    }),
    output,
    tell: (line) => void child.stdin.write(`${line}\n`),
    ended,
    end: async (signal) => {
      child.kill(signal)
      await exited
      return child.exitCode
    },
  }
}

function watch(
  child: ChildProcess,
  up: RegExp,
  deadlineMs: number,
): { output: () => string; found: Promise<string> } {
  let text = ''
  const found = new Promise<string>((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`${why}:\n${text}`))
    const timer = setTimeout(() => fail('it does not say that it is up'), deadlineMs)
    const take = (chunk: Buffer) => {
      text += chunk
      const match = up.exec(text)
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
  run({
    script: 'src/main.js',
    env: { PORT: '0', ...env },
    up: /API +(http:\/\/127\.0\.0\.1:\d+)/,
  })

export const runSimulator = (env: Record<string, string>): Promise<Running> =>
  run({
    script: 'src/simulator/main.js',
    env: { SIM_PORT: '0', ...env },
    up: /listens on (127\.0\.0\.1:\d+)/,
  })

export const runLedgerClient = (plan: string): Promise<Program> =>
  run({ script: 'tests/service/ledgerClient.js', args: [plan], up: /^(asks)$/m })

/** A folder that the database's user may enter, and what removes it. */
export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'pivot-service-'))
  await chmod(path, 0o755)
  // A database whose service was killed takes a moment to go.
  const remove = () => rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  return { path, remove }
}

/** The token that the first start has made in its DATA_DIR. */
export const tokenIn = async (dataDir: string): Promise<string> =>
  (await readFile(join(dataDir, 'token'), 'utf8')).trim()

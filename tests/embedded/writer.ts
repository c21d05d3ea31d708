import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, onTestFinished, vi } from 'vitest'
import { processesOf } from './support.ts'

/** A child process that holds a cluster and inserts rows 1, 2, 3 … into its table `row`. */
export interface Writer {
  readonly pid: number
  readonly url: string
  readonly directory: string
  readonly serverPid: number
  /** The last row that the server has acknowledged. */
  acknowledged(): number
  /** Ends the process by a signal and waits for its end. */
  kill(signal: NodeJS.Signals): Promise<void>
}

export interface WriterOptions {
  readonly dataDir: string
  readonly uid?: number
  readonly gid?: number
}

/** Starts a writer, killed when the test is over; rejects with what it says when it cannot start. */
export async function startWriter({ dataDir, ...account }: WriterOptions): Promise<Writer> {
  const program = await bundle('./holder.ts')
  const child = spawn(process.execPath, [program, dataDir], { ...account, stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await vi.waitFor(async () => expect(await processesOf(child.pid!)).toEqual([]), { timeout: 5_000 })
  })
  const lines = createInterface({ input: child.stdout })
  let last = 0
  const [first] = await once(lines, 'line', { signal: AbortSignal.timeout(20_000) })
  lines.on('line', (line) => {
    last = Number(line)
  })
  const { refusal, ...facts } = JSON.parse(first)
  if (refusal) throw new Error(refusal)
  return {
    ...facts,
    pid: child.pid!,
    acknowledged: () => last,
    async kill(signal) {
      const ended = once(child, 'exit')
      child.kill(signal)
      await ended
    },
  }
}

/** What a program of ours prints, and its exit status. */
export async function runProgram(
  source: string,
  env: NodeJS.ProcessEnv,
): Promise<{ status: number; said: string }> {
  const child = spawn(process.execPath, [await bundle(source)], { env: { ...process.env, ...env } })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text))
  const [status] = await once(child, 'close')
  return { status, said }
}

// Node 20 runs no TypeScript. The bundle lies among the packages, where its imports are found.
async function bundle(source: string): Promise<string> {
  const outfile = fileURLToPath(
    new URL(
      `../../node_modules/.cache/embedded/${process.pid}-${source.replace(/\W/g, '')}.mjs`,
      import.meta.url,
    ),
  )
  const entry = fileURLToPath(new URL(source, import.meta.url))
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
  })
  onTestFinished(() => rm(outfile, { force: true }))
  return outfile
}

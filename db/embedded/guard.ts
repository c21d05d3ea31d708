import { spawn } from 'node:child_process'
import { createInterface, type Interface } from 'node:readline'
import type { Account } from './account.ts'

export interface GuardOptions {
  /** Whom the program runs as; null: ourselves. */
  readonly account: Account | null
  /** Ends the program: SIGINT at once (a fast shutdown of the server), SIGQUIT two seconds later. */
  readonly signal: AbortSignal
  readonly onLine?: (line: string) => void
}

/** A program that cannot outlive this process, however this process ends. */
export interface Guarded {
  /** Exit status, as a shell gives it: above 128 for a signal, 127 for a program that was not found. */
  readonly exited: Promise<number>
  /** Resolves after `exited`, when all of the program's standard error has been read. */
  readonly silent: Promise<void>
  /** The last lines of its standard error. */
  output(): string
  /** Resolves at the first line that matches; never, when none does. */
  said(pattern: RegExp): Promise<void>
}

const LINES_KEPT = 40

/**
 * Standard input is a pipe whose other end only we hold: the kernel closes it when we are gone, by kill -9 too. A reader
 * in the background waits for that on a descriptor of its own, and outlives the shell if that alone is killed. The
 * shell itself waits for the program, so that a crash is seen as an exit. Signals meant for us are none for the shell.
 */
const SCRIPT = `
trap '' HUP INT TERM
exec 3<&0 </dev/null
"$@" 3<&- &
program=$!
(
  read -r end <&3
  kill -INT $program || exit
  for tenth in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    sleep 0.1
    kill -0 $program || exit
  done
  kill -QUIT $program
) >/dev/null 2>&1 &
reader=$!
wait $program
status=$?
kill -KILL $reader 2>/dev/null
exit $status
`

/** Runs `command` in a session of its own: Ctrl-C reaches us, and we end the server when we are done. */
export function guard(command: readonly string[], { account, signal, onLine }: GuardOptions): Guarded {
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'sh', ...command], {
    cwd: '/',
    detached: true,
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['pipe', 'ignore', 'pipe'],
    ...account,
  })
  const end = () => child.stdin.end()
  if (signal.aborted) end()
  signal.addEventListener('abort', end)
  child.stdin.on('error', () => {}) // the shell may be gone before its pipe is closed
  const exited = new Promise<number>((resolve) => {
    child.once('error', () => resolve(127))
    child.once('exit', (status) => resolve(status ?? 137)) // no status: the shell itself was killed
  })
  exited.then(() => signal.removeEventListener('abort', end))
  const silent = new Promise<void>((resolve) => child.once('close', () => resolve()))
  return { exited, silent, ...listen(createInterface({ input: child.stderr }), onLine) }
}

/** Keeps the last lines for the sentence that a failure needs. */
function listen(lines: Interface, onLine?: (line: string) => void): Pick<Guarded, 'output' | 'said'> {
  const kept: string[] = []
  lines.on('line', (line) => {
    kept.push(line)
    if (kept.length > LINES_KEPT) kept.shift()
    onLine?.(line)
  })
  return {
    output: () => kept.join('\n'),
    said: (pattern) => new Promise((resolve) => lines.on('line', (line) => pattern.test(line) && resolve())),
  }
}

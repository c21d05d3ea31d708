import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { runSimulator } from '../support/processes.ts'

const MAIN = fileURLToPath(new URL('../../dist/src/simulator/main.js', import.meta.url))

/** Exit code and output of the program, called with these arguments. */
const called = (...args: string[]): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN, ...args], { timeout: 10_000 }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, output: stdout + stderr }),
    )
  })

test('the help names every option and its variable', async () => {
  const { code, output } = await called('--help')
  expect(code).toBe(0)
  for (const name of ['PORT', 'TAPE', 'START', 'SPEED', 'SEED'])
    expect(output).toMatch(new RegExp(`--${name.toLowerCase()} <[^]*SIM_${name}`))
})

for (const [args, reason] of [
  [['--port', '70000'], '70000 is no port'],
  [['--speed', '0'], '0 is no speed'],
  [['--start', 'soon'], 'instant like'],
  [['--seed', 'x'], 'x is no seed'],
  [['--tape', '/nowhere/SPY-1s-x.csv'], '/nowhere/SPY-1s-x.csv: cannot be read'],
] as const)
  test(`${args.join(' ')} is refused in one sentence`, async () => {
    const { code, output } = await called(...args)
    expect(code).toBe(1)
    expect(output).toContain(reason)
    expect(output.trim().split('\n')).toHaveLength(1)
  })

test('it says where it listens, tells its clock there, and ends within a second', async () => {
  const simulator = await runSimulator({
    SIM_START: '2024-06-03T15:00:00Z',
    SIM_SPEED: '60',
    LOG_LEVEL: 'silent',
  })
  onTestFinished(async () => void (await simulator.end('SIGKILL')))
  const response = await fetch(`http://${simulator.address}/clock`)
  expect((await response.json()) as object).toMatchObject({
    world: { start: '2024-06-03T15:00:00Z', speed: 60, seed: 1, tape: 'generated', skip: null },
    anchor: { market: '2024-06-03T15:00:00Z' },
  })
  const before = performance.now()
  expect(await simulator.end('SIGTERM')).toBe(0)
  expect(performance.now() - before).toBeLessThan(1_000)
})

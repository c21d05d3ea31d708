import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { DEFAULT_SWITCHES } from '../../src/simulator/switches.ts'
import { runSimulator } from '../support/processes.ts'

const MAIN = fileURLToPath(new URL('../../dist/src/simulator/main.js', import.meta.url))

/** Exit code and output of the program, called with these variables and arguments. */
const called = (env: Record<string, string>, ...args: string[]): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    const options = { timeout: 10_000, env: { ...process.env, ...env } }
    const child = execFile(process.execPath, [MAIN, ...args], options, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, output: stdout + stderr }),
    )
  })

const OPTIONS = [
  ...['port', 'tape', 'start', 'speed', 'seed', 'trend', 'volatility', 'halts', 'bad-prints', 'splits'],
  ...['accounts', 'account-ids', 'switches', 'calendar', 'scenario', 'record', 'replay'],
]

test('the help names every option and its variable', async () => {
  const { code, output } = await called({}, '--help')
  expect(code).toBe(0)
  for (const name of OPTIONS)
    expect(output).toMatch(new RegExp(`--${name} <[^]*SIM_${name.toUpperCase().replaceAll('-', '_')}`))
  for (const [name, value] of Object.entries(DEFAULT_SWITCHES)) expect(output).toContain(`${name}=${value}`)
})

for (const [args, reason] of [
  [['--port', '70000'], '70000 is no port'],
  [['--speed', '0'], '0 is no speed'],
  [['--start', 'soon'], 'instant like'],
  [['--seed', 'x'], 'x is no seed'],
  [['--tape', '/nowhere/SPY-1s-x.csv'], '/nowhere/SPY-1s-x.csv: cannot be read'],
  [['--switches', 'pacing=perhaps'], 'pacing Invalid option'],
  [['--switches', 'pacig=strict'], 'pacig is no switch; did you mean pacing?'],
  [['--switches', 'dataLines=007'], 'dataLines Invalid input'],
  [['--calendar', 'daily'], 'nightly, weekly or both'],
  [['--account-ids', 'X1'], 'ids like DU1234567'],
  [['--splits', 'AAPL:4'], 'no split like'],
  [['--splits', 'AAPL:2024-02-30:4'], 'no split like'],
  [['--start', '2150-01-01T00:00:00Z'], 'no time of a market'],
  [['--replay', 'session.jsonl', '--switches', 'readOnly=true'], 'cannot be used with'],
  [['--tape', 'SPY-1s-x.csv', '--seed', '2'], 'cannot be used with'],
  [['--tape', 'SPY-1s-x.csv', '--splits', 'AAPL:2024-06-10:4'], 'cannot be used with'],
  [['--accounts', '/nowhere/accounts.yaml'], '/nowhere/accounts.yaml cannot be read'],
  [['--scenario', '/nowhere/scenario.yaml'], '/nowhere/scenario.yaml cannot be read'],
] as const)
  test(`${args.join(' ')} is refused in one sentence`, async () => {
    const { code, output } = await called({}, ...args)
    expect(code).toBe(1)
    expect(output).toContain(reason)
    expect(output.trim().split('\n')).toHaveLength(1)
  })

test('an unknown variable is refused with the nearest known one', async () => {
  const { code, output } = await called({ SIM_SPED: '5' })
  expect([code, output]).toEqual([1, 'SIM_SPED is not known; did you mean SIM_SPEED?\n'])
})

for (const [name, value] of [
  ['SIM_SEED', '2'],
  ['SIM_TREND', '0.1'],
  ['SIM_VOLATILITY', '2'],
  ['SIM_HALTS', '1'],
  ['SIM_BAD_PRINTS', '1'],
] as const)
  test(`${name} is refused beside a tape`, async () => {
    const { code, output } = await called({ SIM_TAPE: 'SPY-1s-x.csv', [name]: value })
    expect(code).toBe(1)
    expect(output).toMatch(new RegExp(`^error: .*SIM_TAPE.* cannot be used with .*${name}.*\n$`))
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

test('the documentation names every option, variable and switch', async () => {
  const text = await readFile(new URL('../../docs/simulator.md', import.meta.url), 'utf8')
  const variables = OPTIONS.map((name) => `SIM_${name.toUpperCase().replaceAll('-', '_')}`)
  for (const name of [
    ...OPTIONS.map((option) => `--${option}`),
    ...variables,
    ...Object.keys(DEFAULT_SWITCHES),
  ])
    expect(text).toContain(`\`${name}\``)
})

import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import type { BarSeries } from '../../src/market/series.ts'
import { sessionsBetween } from '../../src/market/session.ts'
import { isoInstant, parseInstant } from '../../src/market/time.ts'
import { waves } from '../support/waves.ts'

const PROGRAM = fileURLToPath(new URL('../../dist/src/backtestCommand.js', import.meta.url))
const WEEK = { from: parseInstant('2013-10-07T00:00:00Z'), to: parseInstant('2013-10-12T00:00:00Z') }

const folder = await mkdtemp(join(tmpdir(), 'pivot-command-'))
afterAll(() => rm(folder, { recursive: true }))

const sessions = sessionsBetween(WEEK, 'rth')
const csvOf = (bars: BarSeries): string =>
  ['time,open,high,low,close,volume']
    .concat([...bars].map((it) => `${[isoInstant(it.time), it.open, it.high, it.low, it.close, it.volume]}`))
    .join('\n')
const bars = waves(sessions)
const lines = csvOf(bars).split('\n')
const half = lines.length >> 1
const files = ['SPY-1s-a.csv', 'SPY-1s-b.csv']
// In the wrong order, and with a line in both.
await writeFile(join(folder, files[0]!), [lines[0], ...lines.slice(half)].join('\n'))
await writeFile(join(folder, files[1]!), lines.slice(0, half + 1).join('\n'))

interface Ended {
  readonly code: number
  readonly out: string
  readonly told: string
}

/** A busy machine takes so long that it tells how far it is. */
const PROGRESS = /(\r[^\r\n]*)+\n/g

const run = (...options: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...options], { cwd: folder }, (error, out, told) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, told: told.replace(PROGRESS, '') }),
    )
  })

const given = files.flatMap((file) => ['--csv', file])
const quick = ['--size', '1m', '--left', '1', '--right', '1', '--length', '5']

test('two processes print the same bytes', async () => {
  const [one, other] = await Promise.all([
    run(...given, ...quick, '--json'),
    run(...given, ...quick, '--json'),
  ])
  expect(one.told).toBe('')
  expect(one).toEqual(other)
  const answer = JSON.parse(one.out)
  expect(answer.candles).toBe(5 * 390)
  expect(answer.trades.length).toBeGreaterThan(1)
  expect(answer.warnings[0]).toMatch(/^1 line was left out/)
  expect(answer.request.strategy).toMatchObject({ left: 1, right: 1, length: 5, ma: 'sma' })
})

test('pictures and the report are written', async () => {
  const { code, out } = await run(
    ...given,
    ...quick,
    '--chart',
    'a.svg',
    '--png',
    'a.png',
    '--report',
    'a.html',
  )
  expect(code).toBe(0)
  expect(out).toMatch(/^candles +1950 of 1m/)
  const begins = await Promise.all(
    ['a.svg', 'a.png', 'a.html'].map((name) => readFile(join(folder, name), 'latin1')),
  )
  expect(begins.map((text) => text.slice(0, 4))).toEqual(['<svg', '\x89PNG', '<!do'])
})

test.each([
  [['--csv', 'SPY-1s-none.csv'], 'SPY-1s-none.csv cannot be read: there is no such file'],
  [['--csv', 'bars.csv'], '--base: the size of the bars in bars.csv must be one of 1s, 1m, 1h and 1d'],
  [[...given, '--size', '7m'], '--size: Invalid option'],
  [[...given, '--left', 'three'], '--left: Invalid input: expected number'],
  [[...given, '--slippage-ticks', '-1'], '--slippage-ticks: Too small'],
  [[...given, '--ma', 'wma'], '--ma: expected one of sma, ema; did you mean sma?'],
  [[...given, '--length', '5000'], '--length: needs 5000 candles, and the range has 390'],
  [
    [...given, '--from', '2014-01-01T00:00:00Z', '--to', '2014-01-02T00:00:00Z'],
    '--from: the bars reach from',
  ],
  [[...given, '--to', '2013-10-01T00:00:00Z'], '--to: must be later than from'],
  [[...given, '--from', '2014-01-01T00:00:00Z'], '--from: the bars reach from'],
  [[...given, '--csv', 'IBM-1s-a.csv'], '--symbol: a run has one, and the files are named after SPY and IBM'],
  [[...given, '--csv', 'SPY-1m-a.csv'], '--base: a run has one, and the files are named after 1s and 1m'],
  [[...given, '--slippage-bps', ''], '--slippage-bps: Invalid input: expected number'],
  [[...given, '--shares', '5', '--fraction', '1'], "error: option '--shares <count>' cannot be used with"],
  [[...given, '--chart', 'b.svg', '--width', '5'], '--width: Too small'],
  [[...given, '--chart', 'b.svg', '--theme', 'blue'], '--theme: expected one of light, dark'],
  [[...given, '--tick', '0'], '--tick: must be a number above 0'],
  [[...given, '--lenght', '5'], "error: unknown option '--lenght'"],
])('%j ends with one sentence', async (options, sentence) => {
  const { code, out, told } = await run(...options)
  expect(code).toBe(1)
  expect(out).toBe('')
  expect(told.startsWith(sentence), told).toBe(true)
})

test('a file that is none is told with its line', async () => {
  await writeFile(join(folder, 'SPY-1s-bad.csv'), `${lines.slice(0, 3).join('\n')}\nnonsense\n`)
  expect((await run('--csv', 'SPY-1s-bad.csv')).told).toBe(
    'SPY-1s-bad.csv, line 4: has 1 fields instead of 6\n',
  )
})

test('--help explains every option', async () => {
  const { code, out } = await run('--help')
  expect(code).toBe(0)
  for (const option of ['--csv', '--protective-stop-pct', '--no-guard', '--report', 'Examples:'])
    expect(out).toContain(option)
})

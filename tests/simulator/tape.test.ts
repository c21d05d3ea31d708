import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { sessionOn } from '../../src/market/session.ts'
import { isoInstant, parseInstant } from '../../src/market/time.ts'
import { openMarket } from '../../src/simulator/openMarket.ts'
import { historyRequest, RawClient, terminal } from './rawClient.ts'

const HEADER = 'time,open,high,low,close,volume'
const LINE = '2013-10-07T13:30:00Z,10,11,9,10.5,100'

/** The path of a file with this content in a folder that goes with the test. */
async function written(name: string, content: string | Buffer): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tape-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, name), content)
  return join(folder, name)
}

const opened = async (...files: [name: string, content: string | Buffer][]) =>
  openMarket({ tape: await Promise.all(files.map(([name, content]) => written(name, content))), seed: 1 })

const SECONDS = 'SPY-1s-20131007.csv'

const malformed: [title: string, lines: string[], reason: string][] = [
  ['another header', ['time,close', LINE], `${SECONDS}, line 1: the header is "time,close"`],
  ['no bars', [HEADER], `${SECONDS}: no bars`],
  ['a short line', [HEADER, LINE, '2013-10-07T13:30:01Z,10'], `${SECONDS}, line 3: 2 columns instead of 6`],
  [
    'a time without zone',
    [HEADER, LINE.replace('Z', '')],
    `${SECONDS}, line 2: no instant: "2013-10-07T13:30:00"`,
  ],
  ['a word for a price', [HEADER, LINE.replace('11', 'high')], `${SECONDS}, line 2: no number: "high"`],
  ['an empty price', [HEADER, LINE.replace('10.5', '')], `${SECONDS}, line 2: no number: ""`],
  [
    'a high below the close',
    [HEADER, LINE.replace('11', '10.4')],
    `${SECONDS}, line 2: no bar: low, open, close, high`,
  ],
  ['the same second twice', [HEADER, LINE, LINE], `${SECONDS}, line 3: time does not rise`],
]

for (const [title, lines, reason] of malformed)
  test(`a tape with ${title} is refused with its place`, async () =>
    expect(opened([SECONDS, `${lines.join('\n')}\n`])).rejects.toThrow(reason))

for (const name of ['spy-1s-x.csv', 'SPY-1x-x.csv', 'SPY-1d-x.csv', 'SPY-1s.csv', 'SPY-1s-x.txt'])
  test(`a file called ${name} is no tape`, async () =>
    expect(opened([name, `${HEADER}\n${LINE}\n`])).rejects.toThrow(`${name}: a tape is named like`))

test('a file that is not there is refused by its name', async () =>
  expect(openMarket({ tape: ['/nowhere/SPY-1s-x.csv'], seed: 1 })).rejects.toThrow('/nowhere/SPY-1s-x.csv'))

test('two files that overlap are refused', async () =>
  expect(
    opened(['SPY-1s-a.csv', `${HEADER}\n${LINE}\n`], ['SPY-1s-b.csv', `${HEADER}\n${LINE}\n`]),
  ).rejects.toThrow('overlaps another file'))

test('a tape is known by its contents, whatever they are packed in', async () => {
  const content = `${HEADER}\n${LINE}\n`
  const plain = await opened(['SPY-1s-a.csv', content])
  const packed = await opened(['SPY-1s-b.csv.gz', gzipSync(content)])
  const other = await opened(['SPY-1s-a.csv', content.replace('100', '101')])
  expect(packed.hash).toBe(plain.hash)
  expect(other.hash).not.toBe(plain.hash)
})

test('a tape knows its symbols, its first bar and where its last day begins', async () => {
  const market = await opened([SECONDS, `${HEADER}\n${LINE}\n2013-10-08T20:30:00Z,10,11,9,10.5,100\n`])
  expect([market.has('SPY'), market.has('IBM')]).toEqual([true, false])
  expect(isoInstant(market.firstTime('SPY')!)).toBe('2013-10-07T13:30:00Z')
  expect(isoInstant(market.defaultStart(parseInstant('2026-01-01T00:00:00Z')))).toBe('2013-10-08T14:30:00Z')
})

test('average and count go out as they are, and as -1 where the tape has none', async () => {
  const content = `${HEADER},vwap,tradeCount\n${LINE},10.12345,7\n2013-10-07T13:30:01Z,10,11,9,10.5,100,,\n`
  const client = new RawClient(
    terminal({ market: await opened([SECONDS, content]), now: '2013-10-07T13:31:00Z' }),
  )
  client.open(193).send(...historyRequest())
  const [answer] = await client.answers()
  expect(answer!.slice(5)).toEqual([
    ...['1381152600', '10', '11', '9', '10.5', '100', '10.12345', '7'],
    ...['1381152601', '10', '11', '9', '10.5', '100', '-1', '-1'],
  ])
})

test('of several sizes the finest that has a day makes it', async () => {
  const minutes = `${HEADER}\n2013-10-04T13:30:00Z,1,1,1,1,10\n2013-10-07T13:30:00Z,2,2,2,2,20\n`
  const market = await opened([SECONDS, `${HEADER}\n${LINE}\n`], ['SPY-1m-2013.csv', minutes])
  const volumeOn = (date: string, stepMs: number) => {
    const { bars, first, end } = market.bars('SPY', sessionOn(date, 'rth')!, 'rth', stepMs)
    return first === end ? null : bars.volume[first]
  }
  expect([volumeOn('2013-10-04', 60_000), volumeOn('2013-10-07', 60_000)]).toEqual([10, 100])
  expect(volumeOn('2013-10-04', 1_000)).toBeNull()
})

const DATA = resolve(import.meta.dirname, '../../../shared/data')
const DAYS = ['20131007', '20131008', '20131009'].map((day) => join(DATA, `SPY-1s-${day}.csv.gz`))

describe.skipIf(!existsSync(DAYS[0]!))('on three real days (skipped where the data are absent)', () => {
  interface Row {
    readonly time: number
    readonly cells: readonly string[]
  }

  /** The tape read with nothing but split. */
  const naive = async (): Promise<Row[]> => {
    const texts = await Promise.all(DAYS.map(async (path) => gunzipSync(await readFile(path)).toString()))
    return texts.flatMap((text) => {
      const lines = text.trimEnd().split('\n').slice(1)
      return lines
        .map((line) => line.split(','))
        .map(([time, ...cells]) => ({ time: Date.parse(time!) / 1_000, cells }))
    })
  }

  const isRegular = (time: number) => {
    const ofDay = time % 86_400
    return ofDay >= 13.5 * 3_600 && ofDay < 20 * 3_600
  }

  test('500 random requests for seconds answer what a naive reading of the tape says', async () => {
    const rows = await naive()
    const tws = terminal({
      market: await openMarket({ tape: DAYS, seed: 1 }),
      now: '2013-10-10T00:00:00Z',
      switches: { pacing: 'off' },
    })
    const client = new RawClient(tws).open(193)
    const [open, close] = [
      Date.parse('2013-10-07T07:30:00Z') / 1_000,
      Date.parse('2013-10-10T00:00:00Z') / 1_000,
    ]
    const wish = fc.record({
      end: fc.integer({ min: open, max: close }),
      seconds: fc.integer({ min: 1, max: 1_800 }),
      rth: fc.boolean(),
    })
    for (const { end, seconds, rth } of fc.sample(wish, { numRuns: 500, seed: 7 })) {
      const text = new Date(end * 1_000).toISOString().replaceAll('-', '').replace('T', '-').slice(0, 17)
      client.send(...historyRequest({ end: text, duration: `${seconds} S`, rth }))
      const [answer] = await client.answers()
      const inside = rows.filter(
        ({ time }) => time >= end - seconds && time < end && (!rth || isRegular(time)),
      )
      const expected = inside.flatMap(({ time, cells }) => [
        String(time),
        ...cells.map((c) => String(Number(c))),
        '-1',
        '-1',
      ])
      if (inside.length === 0) expect(answer?.slice(2, 4)).toEqual(['7', '162'])
      else expect(answer?.slice(5)).toEqual(expected)
    }
  })

  test('an answer of 1800 seconds takes less than 5 ms', async () => {
    const tws = terminal({
      market: await openMarket({ tape: DAYS, seed: 1 }),
      now: '2013-10-10T00:00:00Z',
      switches: { pacing: 'off' },
    })
    const client = new RawClient(tws).open(193)
    const tookMs: number[] = []
    for (let i = 0; i < 40; i++) {
      const before = performance.now()
      client.send(...historyRequest({ end: '20131008-20:00:00', duration: '1800 S' }))
      expect(await client.answers()).toHaveLength(1)
      tookMs.push(performance.now() - before)
    }
    // Others use the machine as well: the fastest quarter tells what an answer costs.
    expect(tookMs.toSorted((a, b) => a - b)[10]).toBeLessThan(5)
  })
})

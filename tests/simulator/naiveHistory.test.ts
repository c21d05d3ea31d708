import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { seededRandom } from '../../src/market/seededRandom.ts'
import type { MarketSource } from '../../src/simulator/market.ts'
import { openTape } from '../../src/simulator/tape.ts'
import { type Day, type NaiveBar, NaiveReader, type Question, type Trade } from './naiveReader.ts'
import { historyRequest, RawClient, terminal } from './rawClient.ts'

const at = (date: string, offset: string, open: string, close: string) =>
  [`${date}T${open}:00${offset}`, `${date}T${close}:00${offset}`] as const

const day = (date: string, offset = '-05:00', isHalf = false): Day => ({
  date,
  rth: at(date, offset, '09:30', isHalf ? '13:00' : '16:00'),
  all: at(date, offset, '04:00', isHalf ? '17:00' : '20:00'),
})

/** Four weeks in which clocks go back, with a holiday and a half day; tape there is of the last three. */
const DAYS: readonly Day[] = [
  ...['2023-10-30', '2023-10-31', '2023-11-01', '2023-11-02', '2023-11-03'].map((date) =>
    day(date, '-04:00'),
  ),
  ...['2023-11-06', '2023-11-07', '2023-11-08', '2023-11-09', '2023-11-10'].map((date) => day(date)),
  ...['2023-11-13', '2023-11-14', '2023-11-15', '2023-11-16', '2023-11-17'].map((date) => day(date)),
  ...['2023-11-20', '2023-11-21', '2023-11-22'].map((date) => day(date)),
  day('2023-11-24', '-05:00', true),
]
const RECORDED = DAYS.slice(5)
const NOW = Date.parse('2023-11-24T17:41:07.300Z')

const random = seededRandom(20_231_124)
const oneOf = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!
const cents = (price: number) => Math.round(price * 100) / 100

/** Trades at random: in bursts, with silences of minutes between them. */
function randomTape(): Trade[] {
  const tape: Trade[] = []
  let price = 100
  for (const { all } of RECORDED)
    for (let time = Date.parse(all[0]); time < Date.parse(all[1]); time += 1_000 * gap()) {
      const open = cents(price + random() - 0.5)
      const close = cents(open + 0.2 * (random() - 0.5))
      price = close
      const [high, low] = [cents(Math.max(open, close) + 0.03), cents(Math.min(open, close) - 0.02)]
      const volume = 1 + Math.floor(random() * 900)
      tape.push({
        at: time,
        open,
        high,
        low,
        close,
        volume,
        vwap: cents((high + low) / 2),
        count: 1 + (volume % 7),
      })
    }
  return tape
}

const gap = () => (random() < 0.9 ? 1 + Math.floor(random() * 5) : Math.floor(60 + random() * 400))

const csv = (tape: readonly Trade[]) =>
  ['time,open,high,low,close,volume,vwap,tradeCount']
    .concat(
      tape.map((trade) =>
        [
          new Date(trade.at).toISOString().replace('.000', ''),
          ...[trade.open, trade.high, trade.low, trade.close, trade.volume, trade.vwap, trade.count],
        ].join(),
      ),
    )
    .join('\n')

const TAPE = randomTape()
/** In the middle of what was recorded. */
const SPLIT = { date: '2023-11-15', ratio: 4 }
const reader = new NaiveReader('SPY', DAYS, TAPE, SPLIT)
let market: MarketSource

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'naive-'))
  await writeFile(join(folder, 'SPY-1s-a.csv'), `${csv(TAPE)}\n`)
  const tape = await openTape([join(folder, 'SPY-1s-a.csv')])
  market = { ...tape, splits: () => [{ symbol: 'SPY', ...SPLIT }] }
  await rm(folder, { recursive: true })
})

type Size = Question['sizeMs']
const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Sizes as IB spells them. */
const SIZES: readonly [name: string, ms: Size][] = [
  ...[1, 5, 10, 15, 30].map((n): [string, Size] => [`${n} secs`, n * 1_000]),
  ['1 min', MINUTE],
  ...[2, 3, 5, 10, 15, 20, 30].map((n): [string, Size] => [`${n} mins`, n * MINUTE]),
  ['1 hour', HOUR],
  ...[2, 3, 4, 8].map((n): [string, Size] => [`${n} hours`, n * HOUR]),
  ['1 day', 'day'],
  ['1 week', 'week'],
  ['1 month', 'month'],
]

/** Durations, with the first and the last size that IB allows for them. */
const SHORT: readonly [duration: string, from: string, to: string][] = [
  ['60 S', '1 secs', '1 min'],
  ['120 S', '1 secs', '2 mins'],
  ['1800 S', '1 secs', '30 mins'],
  ['3600 S', '5 secs', '1 hour'],
  ['14400 S', '10 secs', '3 hours'],
  ['28800 S', '30 secs', '8 hours'],
  ['1 D', '1 min', '1 day'],
]
const LONG: readonly [duration: string, from: string, to: string][] = [
  ['2 D', '2 mins', '1 day'],
  ['5 D', '3 mins', '1 day'],
  ['1 W', '3 mins', '1 week'],
  ['2 W', '30 mins', '1 week'],
  ['1 M', '30 mins', '1 month'],
]

const names = SIZES.map(([name]) => name)
const KINDS = ['TRADES', 'ADJUSTED_LAST', 'MIDPOINT', 'BID', 'ASK', 'BID_ASK'] as const

interface Drawn {
  readonly question: Question
  readonly size: string
  readonly endText: string
  readonly format: 1 | 2
}

function draw(): Drawn {
  const [duration, from, to] = oneOf(random() < 0.95 ? SHORT : LONG)
  const [size, sizeMs] = oneOf(SIZES.slice(names.indexOf(from), names.indexOf(to) + 1))
  const shown = oneOf(KINDS)
  const end = shown === 'ADJUSTED_LAST' || random() < 0.1 ? null : randomEnd()
  const question: Question = { sizeMs, duration, shown, hours: oneOf(['rth', 'all']), end: end ?? NOW }
  return { question, size, endText: end === null ? '' : endText(end), format: oneOf([1, 2]) }
}

/** Mostly within a session, to the second or the minute, sometimes ahead of now. */
function randomEnd(): number {
  const [open, close] = oneOf(RECORDED.slice(1)).all.map(Date.parse) as [number, number]
  const wholeMs = oneOf([1_000, MINUTE, 30 * MINUTE])
  return Math.floor((open + random() * (close - open + HOUR)) / wholeMs) * wholeMs
}

const endText = (end: number): string =>
  random() < 0.7 ? utcText(end) : `${utcText(end - 5 * HOUR).replace('-', ' ')} US/Eastern`

const utcText = (ms: number) => new Date(ms).toISOString().slice(0, 19).replaceAll('-', '').replace('T', '-')

/** A bar as it must come: days and longer by their date, all else by the second or by New York's clock. */
const dateText = (ms: number, size: Size, format: 1 | 2): string => {
  if (typeof size !== 'number') return utcText(ms - 5 * HOUR).slice(0, 8)
  return format === 2 ? String(ms / 1_000) : `${utcText(ms - 5 * HOUR).replace('-', ' ')} US/Eastern`
}

/** A naive bar in the words of the wire. */
const rowOf = ([time, ...numbers]: NaiveBar, { question, format }: Drawn) => [
  dateText(time!, question.sizeMs, format),
  ...numbers,
  ...(numbers.length === 4 ? [-1, -1, -1] : []),
]

/** The same but for the last places of an average. */
const isSame = (row: readonly string[], naive: readonly (string | number)[]) =>
  row.length === naive.length &&
  naive.every((value, i) => (i === 0 ? row[0] === value : Math.abs(Number(row[i]) - Number(value)) < 0.00011))

/** CI draws a hundred; `HISTORY_REQUESTS=500` more. */
const REQUESTS = Number(process.env.HISTORY_REQUESTS ?? 100)

test(`${REQUESTS} random requests are answered as a naive reading of the tape, and of a split in it, answers them`, {
  timeout: 20_000 + 150 * REQUESTS,
}, async () => {
  const tws = terminal({ market, now: new Date(NOW).toISOString(), switches: { pacing: 'off' } })
  const client = new RawClient(tws).open(193)
  let bars = 0
  for (let id = 1; id <= REQUESTS; id++) {
    const drawn = draw()
    const { question, size, endText: end, format } = drawn
    const { duration, shown: what, hours } = question
    client.send(...historyRequest({ id, step: size, duration, what, rth: hours === 'rth', end, format }))
    const naive = reader.answer(question, NOW).map((bar) => rowOf(bar, drawn))
    const [[message, , , , count = '0', ...fields] = []] = await client.answers()
    expect([message, drawn]).toEqual([naive.length === 0 ? '4' : '17', drawn])
    const rows = Array.from({ length: Number(count) }, (_, i) => fields.slice(8 * i, 8 * i + 8))
    const strange = naive.findIndex((bar, i) => !rows[i] || !isSame(rows[i], bar))
    expect([drawn, rows.length, rows[strange]]).toEqual([drawn, naive.length, naive[strange]])
    bars += naive.length
  }
  expect(bars).toBeGreaterThan(40 * REQUESTS)
})

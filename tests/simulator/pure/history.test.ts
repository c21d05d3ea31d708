import { expect, test } from 'vitest'
import { generatedMarket } from '../../../src/simulator/generator.ts'
import type { MarketSource } from '../../../src/simulator/market.ts'
import { type HistoryWish, handClock, historyRequest, RawClient, terminal } from '../rawClient.ts'

interface Answer {
  readonly start: string
  readonly end: string
  readonly rows: readonly (readonly string[])[]
}

const asked = async (wish: HistoryWish, now = '2024-06-03T15:00:00Z', version = 193): Promise<string[][]> => {
  const client = new RawClient(terminal({ now })).open(version)
  client.send(...historyRequest(wish))
  return client.answers()
}

const barsOf = async (wish: HistoryWish, now?: string): Promise<Answer> => {
  const [id, requestId, start, end, count, ...fields] = (await asked(wish, now)).at(-1)!
  expect([id, requestId, fields.length]).toEqual(['17', '7', Number(count) * 8])
  const rows = Array.from({ length: Number(count) }, (_, i) => fields.slice(i * 8, i * 8 + 8))
  return { start: start!, end: end!, rows }
}

const datesOf = ({ rows }: Answer) => rows.map(([date]) => date)

test('seconds are those before now that are over', async () => {
  const { rows, start, end } = await barsOf({ duration: '60 S' }, '2024-06-03T15:00:00.999Z')
  const times = rows.map(([time]) => Number(time))
  expect([start, end]).toEqual(['20240603 10:59:00 US/Eastern', '20240603 11:00:00 US/Eastern'])
  expect(Math.min(...times)).toBeGreaterThanOrEqual(1717426740)
  expect(Math.max(...times)).toBeLessThan(1717426800)
})

test('hours of regular trading begin at the open, then with the clock, and the last one is forming', async () => {
  const answer = await barsOf({ step: '1 hour', duration: '1 D', format: 1 }, '2024-06-03T16:10:00Z')
  expect(datesOf(answer)).toEqual([
    '20240603 09:30:00 US/Eastern',
    '20240603 10:00:00 US/Eastern',
    '20240603 11:00:00 US/Eastern',
    '20240603 12:00:00 US/Eastern',
  ])
})

test('hours of all trading begin at four', async () => {
  const answer = await barsOf({ step: '2 hours', duration: '1 D', format: 1, rth: false })
  expect(datesOf(answer).map((date) => date?.slice(9, 14))).toEqual(['04:00', '06:00', '08:00', '10:00'])
})

test('a past end gives whole bars, whatever it cuts', async () => {
  const wish = { step: '5 mins', duration: '1800 S' }
  const { rows } = await barsOf({ ...wish, end: '20240603-14:32:00' })
  const { rows: aligned } = await barsOf({ ...wish, end: '20240603-14:35:00' })
  expect(rows.at(-1)).toEqual(aligned.at(-1))
})

test('a longer bar is the sum of its seconds', async () => {
  const { rows: seconds } = await barsOf({ duration: '1800 S', end: '20240603-14:30:00' })
  const { rows: bars } = await barsOf({ duration: '1800 S', step: '30 mins', end: '20240603-14:30:00' })
  const column = (i: number) => seconds.map((row) => Number(row[i]))
  const total = (i: number) => column(i).reduce((sum, value) => sum + value, 0)
  const expected = [column(1)[0], Math.max(...column(2)), Math.min(...column(3)), column(4).at(-1), total(5)]
  expect(bars).toHaveLength(1)
  expect(bars[0]!.slice(1, 6).map(Number)).toEqual(expected)
  expect(Number(bars[0]![7])).toBe(total(7))
})

for (const format of [1, 2])
  test(`days are dates in format ${format}`, async () =>
    expect(datesOf(await barsOf({ step: '1 day', duration: '3 D', format }))).toEqual([
      '20240530',
      '20240531',
      '20240603',
    ]))

test('weeks bear the date of their last session', async () =>
  expect(datesOf(await barsOf({ step: '1 week', duration: '2 W' }))).toEqual([
    '20240524',
    '20240531',
    '20240603',
  ]))

for (const what of ['TRADES', 'BID_ASK', 'MIDPOINT'])
  test(`days of ${what} that are over are made once, and are the sum of their minutes`, async () => {
    let made = 0
    const source = generatedMarket({ seed: 1 })
    const bars: MarketSource['bars'] = (...wish) => {
      made++
      return source.bars(...wish)
    }
    const tws = terminal({ market: { ...source, bars }, now: '2024-06-03T15:00:00Z' })
    const ask = async (wish: HistoryWish) => {
      const client = new RawClient(tws).open(193)
      client.send(...historyRequest({ what, ...wish }))
      const rows = (await client.answers())[0]!.slice(5)
      client.connection.closed()
      return rows
    }
    const days = await ask({ step: '1 day', duration: '1 M' })
    const afterFirst = made
    expect(await ask({ step: '1 day', duration: '1 M' })).toEqual(days)
    // The day that is not over yet is made again.
    expect([afterFirst, made - afterFirst]).toEqual([days.length / 8, 1])
    const minutes = await ask({ step: '1 min', duration: '1 D', end: '20240531-20:00:00' })
    const column = (k: number) => minutes.filter((_, i) => i % 8 === k).map(Number)
    const friday = days.slice(days.indexOf('20240531')).slice(0, 8).map(Number)
    expect([friday[2], friday[3]]).toEqual([Math.max(...column(2)), Math.min(...column(3))])
    if (what === 'TRADES') expect(friday[5]).toBe(column(5).reduce((sum, volume) => sum + volume, 0))
  })

test('quotes have neither volume nor average nor count', async () => {
  for (const what of ['MIDPOINT', 'BID', 'ASK', 'BID_ASK'])
    expect((await barsOf({ what })).rows[0]!.slice(5)).toEqual(['-1', '-1', '-1'])
})

test('an end without a zone is answered with a warning', async () => {
  const messages = await asked({ end: '20240603 10:30:00' })
  expect(messages.map((fields) => (fields[0] === '4' ? fields[3] : fields[0]))).toEqual(['2174', '17'])
})

test('a schedule lists sessions in the time of the exchange', async () =>
  expect(await asked({ what: 'SCHEDULE', step: '1 day', duration: '2 D' })).toEqual([
    [
      ...['106', '7', '20240531-09:30:00', '20240603-16:00:00', 'US/Eastern', '2'],
      ...['20240531-09:30:00', '20240531-16:00:00', '20240531'],
      ...['20240603-09:30:00', '20240603-16:00:00', '20240603'],
    ],
  ]))

for (const [title, wish] of [
  ['a weekend', { end: '20240602-15:00:00' }],
  ['the time before dawn', { end: '20240603-07:00:00', rth: false }],
  ['seconds older than six months', { end: '20231101-15:00:00' }],
] as const)
  test(`${title} has no data`, async () =>
    expect(await asked(wish)).toEqual([
      ['4', '2', '7', '162', 'Historical Market Data Service error message:HMDS query returned no data', ''],
    ]))

test('minutes older than six months are there', async () =>
  expect((await barsOf({ step: '1 min', duration: '1800 S', end: '20231101-15:00:00' })).rows).toHaveLength(
    30,
  ))

test('an answer is the same at every level', async () => {
  const answers = await Promise.all([176, 178, 185, 193].map((version) => asked({}, undefined, version)))
  for (const answer of answers) expect(answer).toEqual(answers[0])
})

test('the sixty-first small request in ten minutes is a pacing violation, and the counts say so', async () => {
  const clock = handClock('2024-06-03T15:00:00Z')
  const tws = terminal({ clock })
  const client = new RawClient(tws).open(193)
  const answers: string[][] = []
  for (let i = 0; i < 61; i++) {
    clock.set(new Date(Date.parse('2024-06-03T15:00:00Z') + i * 9_000).toISOString())
    client.send(...historyRequest({ id: 100 + i, duration: '120 S' }), 'identical but for the time')
    answers.push(...(await client.answers()))
  }
  // Requests with an empty end are identical: every second one comes within 15 s of one that was admitted.
  const codes = answers.map((fields) => (fields[0] === '4' ? fields[3] : 'bars'))
  expect(codes.filter((code) => code === '162')).toHaveLength(30)
  expect(tws.violations.counts).toMatchObject({ identical: 30, window: 0 })
  expect([tws.pacing.total, tws.pacing.busiest]).toEqual([61, 61])
})

test('a burst of sixty different seconds passes, one more is refused in the words of IB', async () => {
  const clock = handClock('2024-06-03T15:00:00Z')
  const client = new RawClient(terminal({ clock })).open(193)
  const second = (i: number) => {
    const from = Date.parse('2024-06-03T15:00:00Z') + i * 3_000
    clock.set(new Date(from).toISOString())
    return historyRequest({
      id: i + 1,
      end: `20240603-14:${String(i % 60).padStart(2, '0')}:0${Math.floor(i / 60)}`,
    })
  }
  const answers: string[][] = []
  for (let i = 0; i < 61; i++) {
    client.send(...second(i))
    answers.push(...(await client.answers()))
  }
  expect(answers.slice(0, 60).every(([id]) => id === '17')).toBe(true)
  expect(answers[60]).toEqual([
    ...['4', '2', '61', '162'],
    'Historical Market Data Service error message:Historical data request pacing violation',
    '',
  ])
})

test('the fifty-first query that waits is refused', async () => {
  const client = new RawClient(terminal({ switches: { historyDelayMs: 20 } })).open(193)
  for (let i = 1; i <= 51; i++) client.send(...historyRequest({ id: i, step: '1 min', duration: '1800 S' }))
  expect(client.received().map((fields) => [fields[2], fields[3]])).toEqual([['51', '322']])
  expect(await client.answers()).toHaveLength(50)
})

test('a query whose client hangs up is dropped', async () => {
  const client = new RawClient(terminal({ switches: { historyDelayMs: 1 } })).open(193)
  client.send(...historyRequest())
  client.connection.closed()
  expect(client.connection.queries.size).toBe(0)
  expect(await client.answers()).toEqual([])
})

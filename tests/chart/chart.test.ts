import { Resvg } from '@resvg/resvg-js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chartSvg } from '../../src/chart/chart.ts'
import type { ChartSubject } from '../../src/chart/subject.ts'
import { lowerBound } from '../../src/market/series.ts'
import { walkedSubject } from '../support/chartSubject.ts'
import { circlesOf, cornersOf, groupOf, groupsOf, heightAfter, pathOf, textsOf } from './readSvg.ts'
import { someSubject } from './subjects.ts'

const light = (subject: ChartSubject, size = {}): string => chartSvg(subject, { theme: 'light', ...size })

const subject = walkedSubject({ count: 234, seed: 3 })
const { candles, pivotHighs, pivotLows, lines, trades } = subject.outcome
const svg = light(subject)

/** The picture's own axes, read from its first and last swing high: pixels of candle `i` and of a price. */
const [rings, ringsBelow] = ['swingHighs', 'swingLows'].map((name) =>
  circlesOf(svg.match(new RegExp(`<g class="${name}">(?:<circle[^>]*/>){2,}</g>`))![0]),
) as [ReturnType<typeof circlesOf>, ReturnType<typeof circlesOf>]
const scale = (a: number, atA: number, b: number, atB: number) => (value: number) =>
  atA + ((value - a) / (b - a)) * (atB - atA)
const [first, last] = [pivotHighs[0]!, pivotHighs.at(-1)!]
const x = scale(first, rings[0]!.x, last, rings.at(-1)!.x)
const y = scale(candles.high[first]!, rings[0]!.y, candles.high[last]!, rings.at(-1)!.y)

test('there is something to look at in this picture', () => {
  expect(trades.length).toBeGreaterThan(2)
  expect(pivotHighs.length).toBeGreaterThan(10)
})

test('a swing is marked at its own candle and its own price', () => {
  for (const [pivots, marks, prices] of [
    [pivotHighs, rings, candles.high],
    [pivotLows, ringsBelow, candles.low],
  ] as const) {
    expect(marks).toHaveLength(pivots.length)
    for (const [k, i] of pivots.entries()) {
      expect(marks[k]!.x).toBeCloseTo(x(i), 1)
      expect(marks[k]!.y).toBeCloseTo(y(prices[i]!), 0)
    }
  }
})

test('a level steps at the candle that confirms it, and not before', () => {
  const step = pivotHighs.findIndex((i, k) => k > 0 && candles.high[i] !== candles.high[pivotHighs[k - 1]!])
  const [old, young] = [pivotHighs[step - 1]!, pivotHighs[step]!]
  const d = pathOf(svg, 'breakout')
  expect(heightAfter(d, x(young + 3) - 1)).toBeCloseTo(y(candles.high[old]!), 0)
  expect(heightAfter(d, x(young + 3))).toBeCloseTo(y(candles.high[young]!), 0)
})

test('levels and the moving average stand at every candle where the run has them', () => {
  for (const [name, column] of [
    ['breakout', lines.breakout],
    ['swingLow', lines.swingLow],
  ] as const) {
    const d = pathOf(svg, name)
    for (let i = 0; i < candles.length; i++) {
      if (Number.isNaN(column[i]!)) expect(heightAfter(d, x(i))).toBeNull()
      else expect(heightAfter(d, x(i))).toBeCloseTo(y(column[i]!), 0)
    }
  }
  const average = cornersOf(pathOf(svg, 'average'))
  expect(average).toHaveLength(candles.length - 49)
  expect(average[0]!.x).toBeCloseTo(x(49), 1)
  expect(average[0]!.y).toBeCloseTo(y(lines.movingAverage[49]!), 0)
})

test('every entry and exit is an arrow at its candle that tells its price', () => {
  for (const [kind, timeOf, priceOf] of [
    ['entry', 'entryTime', 'entryPrice'],
    ['exit', 'exitTime', 'exitPrice'],
  ] as const) {
    const arrows = groupsOf(svg.slice(svg.indexOf('<g class="price">')), kind)
    for (const trade of trades) {
      const at = x(lowerBound(candles, trade[timeOf]))
      const arrow = arrows.find((markup) => Math.abs(cornersOf(tipOf(markup))[0]!.x - at) < 0.1)
      expect(arrow).toContain(` at ${trade[priceOf].toFixed(2)}`)
    }
  }
})

test('prices are written at the marks, with the return at an exit', () => {
  const labels = textsOf(svg).map(({ content }) => content)
  const { entryPrice, exitPrice, returnPct } = trades[0]!
  expect(labels).toContain(entryPrice.toFixed(2))
  const percent = `${returnPct < 0 ? '−' : '+'}${Math.abs(returnPct * 100).toFixed(2)}`
  expect(labels).toContain(`${exitPrice.toFixed(2)} ${percent}\u00A0%`)
})

test.each([
  [1_280, 900],
  [1_600, 900],
  [800, 600],
])('at %i × %i the drawdown can be read off its axis, not from its depth alone', (width, height) => {
  for (const count of [120, 400, 1_500]) {
    const svg = light(walkedSubject({ count }), { width, height })
    const values = textsOf(groupOf(svg, 'drawdowns')).filter(({ content }) =>
      /^[−\d.]+\u00A0%$/.test(content),
    )
    expect(values.length, `${count} candles`).toBeGreaterThan(1)
  }
})

test('the header tells symbol, size, range, parameters and both results', () => {
  const header = textsOf(groupOf(svg, 'header'))
    .map(({ content }) => content)
    .join('\n')
  for (const told of [
    'SPY · 5m candles',
    '7 Oct 2013 09:30 – 9 Oct 2013 16:00 New York',
    'SMA 50',
    'buy and hold ',
  ])
    expect(header).toContain(told)
})

test('fills at the deciding close are called optimistic', () => {
  const closing = walkedSubject({ count: 80 }, { execution: { fill: 'close' } })
  expect(light(closing)).toContain('optimistic fills')
  expect(svg).not.toContain('optimistic')
})

test('the same run gives the same bytes', () => {
  expect(light(walkedSubject({ count: 234, seed: 3 }))).toBe(svg)
})

test('up to 2,000 candles are drawn one by one, in a picture wide enough for them', () => {
  const wide = light(walkedSubject({ count: 2_000 }))
  expect(wide).not.toContain('Summarised')
  expect(Number(/width="(\d+)"/.exec(wide)![1])).toBeGreaterThan(2_000)
})

test('more are summed up, and the picture says how', () => {
  const long = light(walkedSubject({ count: 6_000, size: '30m' }))
  expect(long).toContain('Summarised: 6,000 candles are drawn as 375, 16 in one')
  expect(long).toContain('Entries and exits too close to stand apart share an arrow')
  expect(textsOf(long).some(({ content }) => /^×\d+$/.test(content))).toBe(true)
})

test('a candle too narrow for a pixel is summed up too', () => {
  expect(light(walkedSubject({ count: 600 }), { width: 480 })).toContain(
    'Summarised: 600 candles are drawn as',
  )
})

const LOOKALIKE = /NaN|undefined|Infinity|null|\[object/

test('no run of any kind puts a value into the picture that is none', () => {
  fc.assert(
    fc.property(someSubject, fc.constantFrom<'light' | 'dark'>('light', 'dark'), (any, theme) => {
      const drawn = chartSvg(any, { theme })
      expect(LOOKALIKE.exec(drawn)).toBeNull()
    }),
    { numRuns: 60 },
  )
})

test('every picture is well-formed XML', () => {
  fc.assert(
    fc.property(someSubject, (any) => {
      new Resvg(light(any), { font: { loadSystemFonts: false } })
    }),
    { numRuns: 15 },
  )
})

test('markup in a symbol, a reason or a warning is text', () => {
  const nasty = '</text><script>alert(1)</script>&"\'\u0000\uD800'
  const { outcome } = subject
  const dirty = light({
    request: { ...subject.request, symbol: nasty },
    outcome: {
      ...{ ...outcome, warnings: [nasty] },
      trades: outcome.trades.map((trade) => ({ ...trade, entryReason: nasty, exitReason: nasty })),
    },
  })
  expect(dirty).not.toContain('<script')
  expect(() => new Resvg(dirty, { font: { loadSystemFonts: false } })).not.toThrow()
})

test('a picture names and describes itself to those who do not see it', () => {
  expect(svg).toMatch(/^<svg [^>]*role="img" aria-labelledby="chart-title chart-description"/)
  expect(svg).toContain('<title id="chart-title">SPY · 5m candles</title>')
  expect(svg).toMatch(/<desc id="chart-description">[^<]*buy and hold [^<]*<\/desc>/)
})

test('light and dark differ in their colours alone', () => {
  const dark = chartSvg(subject, { theme: 'dark' })
  const uncoloured = (picture: string) => picture.replace(/<style>.*<\/style>/s, '')
  expect(dark).not.toBe(svg)
  expect(uncoloured(dark)).toBe(uncoloured(svg))
})

test('a size out of bounds is refused, naming it', () => {
  expect(() => light(subject, { width: 479 })).toThrow(/width is 480 to 4000 pixels, not 479/)
  expect(() => light(subject, { height: Number.NaN })).toThrow(RangeError)
})

const tipOf = (markup: string): string => /class="arrow" d="([^"]*)"/.exec(markup)![1]!

import { Resvg } from '@resvg/resvg-js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compounded, monthlyReturns } from '../../src/chart/report/monthlyReturns.ts'
import { reportHtml } from '../../src/chart/report/report.ts'
import { walkedSubject } from '../support/chartSubject.ts'
import { someSubject } from './subjects.ts'

const subject = walkedSubject({ count: 1_200, size: '30m', seed: 5 })
const page = reportHtml(subject)
const { outcome } = subject

test('the page brings all it needs: nothing is fetched and no script runs', () => {
  expect(page).not.toMatch(/<script|<link|<img|@import|url\(|\son\w+=/i)
  const addresses = page.match(/https?:\/\/[^"' <]+/g) ?? []
  expect(new Set(addresses)).toEqual(new Set(['http://www.w3.org/2000/svg']))
})

test('the page shows the chart, statistics, months, trades, parameters and data version', () => {
  expect(page).toContain('class="chart"')
  for (const heading of ['Statistics', 'Monthly returns', 'Trades', 'Parameters and data'])
    expect(page).toContain(`<h2>${heading}</h2>`)
  expect(page).toContain(subject.dataVersion)
  expect(page).toContain('Prices only: dividends are in neither')
})

test('every closed trade has a row', () => {
  const trades = page.slice(page.indexOf('<h2>Trades</h2>'), page.indexOf('<h2>Parameters'))
  expect(outcome.trades.length).toBeGreaterThan(3)
  expect(trades.match(/<tr>/g)).toHaveLength(1 + outcome.trades.length + (outcome.openTrade ? 1 : 0))
})

test('a statistic that cannot be told says why', () => {
  const short = reportHtml(walkedSubject({ count: 90 }))
  expect(short).toMatch(/<dt>Sharpe ratio<small>[^<]*20 sessions[^<]*<\/small><\/dt><dd>–<\/dd>/)
})

test('months, compounded, are the whole run', () => {
  const months = monthlyReturns(subject)
  expect(months.length).toBeGreaterThan(3)
  expect(compounded(months.map(({ strategy }) => strategy))).toBeCloseTo(outcome.statistics.totalReturn!, 9)
  expect(compounded(months.map(({ hold }) => hold))).toBeCloseTo(outcome.statistics.buyAndHoldReturn!, 9)
})

test('a month is that of New York: its last session closes in it', () => {
  const { candles } = walkedSubject({ count: 20, size: '1d', from: '2013-10-21T00:00:00Z' }).outcome
  const [october] = monthlyReturns(walkedSubject({ count: 20, size: '1d', from: '2013-10-21T00:00:00Z' }))
  expect(october).toMatchObject({ year: 2013, month: 10 })
  expect(october!.hold).toBeCloseTo(candles.close[8]! / candles.open[0]! - 1, 12)
})

test('a run without a trade, or without a candle, is a page too', () => {
  expect(reportHtml(walkedSubject({ count: 5 }))).toContain('There was no trade.')
  expect(reportHtml(walkedSubject({ count: 0 }))).toContain('There was no trade.')
})

test('no run of any kind puts a value into the page that is none, and every page is well formed', () => {
  fc.assert(
    fc.property(someSubject, (any) => {
      const html = reportHtml(any)
      expect(/NaN|undefined|Infinity|>null|\[object/.exec(html)).toBeNull()
      new Resvg(asSvg(html), { font: { loadSystemFonts: false } })
    }),
    { numRuns: 30 },
  )
})

/** The page inside a picture, for the parser of XML that is at hand. */
const asSvg = (html: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><metadata>${html.replace('<!doctype html>', '')}</metadata></svg>`

test('markup in what a run brings along is text', () => {
  const nasty = '<img src=x onerror=alert(1)>'
  const dirty = reportHtml({
    ...{ request: { ...subject.request, symbol: nasty }, dataVersion: nasty },
    outcome: { ...outcome, warnings: [nasty] },
  })
  expect(dirty).not.toContain('<img')
})

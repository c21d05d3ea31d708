import { Resvg } from '@resvg/resvg-js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chartSvg } from '../../src/chart/chart.ts'
import { fitted, textWidth, wrapped } from '../../src/chart/textWidth.ts'
import { walkedSubject } from '../support/chartSubject.ts'
import { textsOf } from './readSvg.ts'

const FONT = 'node_modules/dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf'

/** As wide as it is rasterised. */
function drawnWidth(content: string, sizePx: number): number {
  const text = `<text y="50" font-size="${sizePx}">${content}</text>`
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="100">${text}</svg>`
  return new Resvg(svg, { font: { fontFiles: [FONT], loadSystemFonts: false } }).getBBox()?.width ?? 0
}

const TEXTS = [
  '167.41 +0.42\u00A0%',
  '11:30',
  'Mon 7 Oct 2013',
  'swings 3 left 3 right, strict · SMA 50 · close above the level · ratchet stop',
  'Times are New York’s. Nights, weekends and candles without a trade take no room.',
  'Prices only: dividends are in neither the strategy nor buy and hold.',
]

test('a text is measured no narrower than it is rasterised, nor much wider', () => {
  for (const content of TEXTS) {
    expect(textWidth(content, 12)).toBeGreaterThanOrEqual(drawnWidth(content, 12) * 0.99)
    expect(textWidth(content, 12)).toBeLessThanOrEqual(drawnWidth(content, 12) * 1.25)
  }
})

test('a text that does not fit ends in an ellipsis and fits', () => {
  const cut = fitted(TEXTS[3]!, 12, 200)
  expect(cut).toMatch(/…$/)
  expect(textWidth(cut, 12)).toBeLessThanOrEqual(200)
  expect(fitted('short', 12, 200)).toBe('short')
})

test('wrapped lines fit and hold every word in its order', () => {
  const lines = wrapped(TEXTS[3]!, 12, 150)
  expect(lines.length).toBeGreaterThan(2)
  for (const line of lines) expect(textWidth(line, 12)).toBeLessThanOrEqual(150)
  expect(lines.join(' ')).toBe(TEXTS[3])
})

/** Labels of marks are centred and 11 pixels high. */
const priceLabels = (svg: string) =>
  textsOf(svg).filter(({ content }) => /^(\d+\.\d\d( [+−]?[\d.]+\u00A0%)?|×\d+)$/.test(content))

test('no label of a mark lies over another one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 60, max: 2_500 }), (seed, count) => {
      const svg = chartSvg(walkedSubject({ seed, count }), { theme: 'light' })
      const marks = svg.slice(svg.search(/<g class="price( fine)?">/)).replace(/<g class="volumes">.*/s, '')
      const labels = priceLabels(
        marks.replace(/<text [^>]*class="(muted|tagText) small"[^>]*>[^<]*<\/text>/g, ''),
      )
      for (const [k, a] of labels.entries()) {
        for (const b of labels.slice(k + 1)) {
          const apart = (textWidth(a.content, 11) + textWidth(b.content, 11)) / 2
          expect(Math.abs(a.x - b.x) >= apart || Math.abs(a.y - b.y) >= 11).toBe(true)
        }
      }
    }),
    { numRuns: 25 },
  )
})

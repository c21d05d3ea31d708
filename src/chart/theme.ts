export type Theme = 'light' | 'dark'

/**
 * Colours that stay apart for colour-blind readers (after Okabe and Ito: blue-green against vermilion, amber against
 * blue); whatever they tell is told by shape, fill or dashes too.
 */
const PALETTES = {
  light: {
    page: '#eef1f5',
    ground: '#ffffff',
    ink: '#17202b',
    muted: '#5c6876',
    grid: '#eceff3',
    separator: '#d3d9e0',
    up: '#0f8a6d',
    down: '#c2512f',
    breakout: '#c77f00',
    swingLow: '#3d8bef',
    average: '#5226a0',
    stop: '#c01f6b',
    equity: '#1f5fbf',
    hold: '#7d8896',
    volume: '#aab4c0',
  },
  dark: {
    page: '#080c13',
    ground: '#0f1520',
    ink: '#e8edf4',
    muted: '#9aa7b6',
    grid: '#1c2532',
    separator: '#334052',
    up: '#3cc9a0',
    down: '#ff8a63',
    breakout: '#f0b440',
    swingLow: '#4f97ff',
    average: '#d6c8ff',
    stop: '#ff77b0',
    equity: '#6cabff',
    hold: '#8d99a8',
    volume: '#4a586b',
  },
} as const satisfies Record<Theme, Record<string, string>>

type Palette = (typeof PALETTES)[Theme]

/** The colours of a theme, for what surrounds a picture. */
export const paletteOf = (theme: Theme): Palette => PALETTES[theme]

/** The style rules of every class that a picture uses, below an element of class `chart`. */
export const chartStyle = (theme: Theme): string =>
  Object.entries(rules(PALETTES[theme]))
    .map(([selectors, declarations]) => `${below(selectors)}{${declarations}}`)
    .join('\n')

const below = (selectors: string): string =>
  selectors
    .split(',')
    .map((selector) => `.chart ${selector}`)
    .join(',')

const stroke = (colour: string, width: number, more = ''): string =>
  `fill:none;stroke:${colour};stroke-width:${width};stroke-linejoin:round;${more}`

const rules = (colour: Palette): Readonly<Record<string, string>> => ({
  '.ground': `fill:${colour.ground}`,
  text: `fill:${colour.ink};font-size:12px`,
  '.muted': `fill:${colour.muted}`,
  '.small': 'font-size:11px',
  '.title': 'font-size:18px;font-weight:bold',
  '.result': 'font-size:20px;font-weight:bold',
  '.strong': 'font-weight:bold',
  '.gain': `fill:${colour.up}`,
  '.loss': `fill:${colour.down}`,
  '.grid': stroke(colour.grid, 1),
  '.separator': stroke(colour.separator, 1),
  '.zero': stroke(colour.muted, 1, 'stroke-opacity:.55'),
  '.up': `fill:${colour.ground};stroke:${colour.up};stroke-width:1`,
  '.down': `fill:${colour.down};stroke:${colour.down};stroke-width:1`,
  '.upNarrow': `fill:${colour.up};stroke:${colour.up};stroke-width:.6`,
  '.downNarrow': `fill:${colour.down};stroke:${colour.down};stroke-width:.6`,
  '.upRange': stroke(colour.up, 1),
  '.downRange': stroke(colour.down, 1),
  '.volume': `fill:${colour.volume}`,
  '.breakout': stroke(colour.breakout, 1.6),
  '.swingLow': stroke(colour.swingLow, 1.6),
  '.average': stroke(colour.average, 1.8),
  '.stop': stroke(colour.stop, 2.2, 'stroke-dasharray:4 3'),
  '.fine .breakout,.fine .swingLow,.fine .average': 'stroke-width:1.1',
  '.swingHighs circle': `fill:${colour.ground};stroke:${colour.breakout};stroke-width:1.6`,
  '.swingLows circle': `fill:${colour.ground};stroke:${colour.swingLow};stroke-width:1.6`,
  '.heldGain': `fill:${colour.up};fill-opacity:.11`,
  '.heldLoss': `fill:${colour.down};fill-opacity:.12`,
  '.heldOpen': `fill:${colour.equity};fill-opacity:.1`,
  '.strip path': 'fill-opacity:.8',
  '.wayGain': stroke(colour.up, 1.4, 'stroke-dasharray:5 3'),
  '.wayLoss': stroke(colour.down, 1.4, 'stroke-dasharray:5 3'),
  '.wayOpen': stroke(colour.equity, 1.4, 'stroke-dasharray:5 3'),
  '.halo': `stroke:${colour.ground};stroke-width:3;stroke-linejoin:round;paint-order:stroke`,
  '.entry .arrow': `fill:${colour.ink};stroke:${colour.ground};stroke-width:1`,
  '.exit .arrow': `fill:${colour.ground};stroke:${colour.ink};stroke-width:1.5`,
  '.leader': stroke(colour.muted, 1),
  '.equity': stroke(colour.equity, 1.8),
  '.hold': stroke(colour.hold, 1.5, 'stroke-dasharray:5 3'),
  '.drawdown': stroke(colour.down, 1.2),
  '.drawdownArea': `fill:${colour.down};fill-opacity:.18`,
  '.tag': `fill:${colour.ink}`,
  '.tagText': `fill:${colour.ground}`,
})

import type { Statistics } from '../../backtest/statistics/statistics.ts'
import { counted, decimal, lookOf, percent, signedPercent } from '../figures.ts'
import type { ChartSubject } from '../subject.ts'
import { element, escaped } from '../svg.ts'

interface KeyFigure {
  readonly label: string
  value(told: Statistics): string
  /** A second line. */
  more(told: Statistics): string
}

const or = (value: number | null, written: (value: number) => string): string =>
  value === null ? '–' : written(value)
const share = (value: number): string => `${decimal(value * 100, 0)}\u00A0%`
const ratio = (value: number): string => decimal(value, 2)

const TOTAL: KeyFigure = {
  label: 'Total return',
  value: ({ totalReturn }) => or(totalReturn, signedPercent),
  more: ({ cagr }) => (cagr === null ? '' : `${signedPercent(cagr)} a year`),
}

const OTHERS: readonly KeyFigure[] = [
  {
    label: 'Buy and hold',
    value: ({ buyAndHoldReturn }) => or(buyAndHoldReturn, signedPercent),
    more: comparison,
  },
  {
    label: 'Deepest drawdown',
    value: ({ maxDrawdown }) => or(maxDrawdown, percent),
    more: ({ maxDrawdownDays: days }) => (days === null ? '' : `lasting ${counted(Math.round(days), 'day')}`),
  },
  {
    label: 'Sharpe ratio',
    value: ({ sharpe }) => or(sharpe, ratio),
    more: ({ reasons, probabilisticSharpe }) =>
      reasons.sharpe ?? `probability above 0: ${or(probabilisticSharpe, share)}`,
  },
  {
    label: 'Closed trades',
    value: ({ trades }) => decimal(trades, 0),
    more: ({ winRate }) => (winRate === null ? '' : `${share(winRate)} won`),
  },
  {
    label: 'In the market',
    value: ({ exposure }) => or(exposure, share),
    more: ({ profitFactor }) => `profit factor ${or(profitFactor, ratio)}`,
  },
]

/** What a reader asks first, in large letters. */
export function keyFigures({ outcome: { statistics } }: ChartSubject): string {
  const others = OTHERS.map((figure) => card(figure, statistics, ''))
  return element('div', { class: 'key' }, card(TOTAL, statistics, lookOf(statistics.totalReturn)), ...others)
}

function card({ label, value, more }: KeyFigure, told: Statistics, look: string): string {
  return element(
    'div',
    {},
    element('span', { class: 'label' }, escaped(label)),
    element('strong', { class: look }, escaped(value(told))),
    element('span', { class: 'more' }, escaped(more(told))),
  )
}

function comparison({ totalReturn: strategy, buyAndHoldReturn: hold }: Statistics): string {
  if (strategy === null || hold === null) return ''
  return strategy === hold ? 'the same' : `the strategy made ${strategy < hold ? 'less' : 'more'}`
}

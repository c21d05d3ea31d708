import type { Statistics } from '../../backtest/statistics/statistics.ts'
import { decimal, money, percent, signed, signedPercent } from '../figures.ts'
import { element, escaped } from '../svg.ts'

type Name = Exclude<keyof Statistics, 'reasons'>

interface Line {
  readonly name: Name
  readonly label: string
  written(value: number): string
}

const ratio = (value: number): string => decimal(value, 2)
const signedMoney = (value: number): string => signed(value, 2)
const count = (value: number): string => decimal(value, Number.isInteger(value) || value >= 100 ? 0 : 1)
const line = (name: Name, label: string, written: Line['written']): Line => ({ name, label, written })

/** Every figure of `Statistics`, by what it tells of. */
const GROUPS: readonly { readonly heading: string; readonly lines: readonly Line[] }[] = [
  {
    heading: 'Return',
    lines: [
      line('totalReturn', 'Total return', signedPercent),
      line('buyAndHoldReturn', 'Buy and hold', signedPercent),
      line('cagr', 'Return a year (CAGR)', signedPercent),
      line('compoundedTradeReturn', 'Closed trades, compounded', signedPercent),
      line('alpha', 'Alpha against holding, a year', signedPercent),
      line('beta', 'Beta against holding', ratio),
    ],
  },
  {
    heading: 'Risk',
    lines: [
      line('volatility', 'Volatility a year', percent),
      line('sharpe', 'Sharpe ratio', ratio),
      line('sortino', 'Sortino ratio', ratio),
      line('calmar', 'Calmar ratio', ratio),
      line('probabilisticSharpe', 'Probability that Sharpe > 0', percent),
      line('maxDrawdown', 'Deepest drawdown', percent),
      line('maxDrawdownDays', 'Days below that peak', count),
    ],
  },
  {
    heading: 'Trades',
    lines: [
      line('trades', 'Closed trades', count),
      line('winRate', 'Won', percent),
      line('profitFactor', 'Profit factor', ratio),
      line('expectancy', 'Expectancy a trade', signedMoney),
      line('averageWin', 'Average win', signedMoney),
      line('averageLoss', 'Average loss', signedMoney),
    ],
  },
  {
    heading: 'Activity and costs',
    lines: [
      line('exposure', 'Time in the market', percent),
      line('turnover', 'Turnover, times equity', ratio),
      line('commissions', 'Commissions', money),
      line('slippageCost', 'Slippage', money),
    ],
  },
]

/** The statistics in groups side by side; a figure that cannot be told says why. */
export const statisticsTable = (statistics: Statistics): string =>
  element(
    'div',
    { class: 'groups' },
    ...GROUPS.map(({ heading, lines }) => groupOf(heading, lines, statistics)),
  )

function groupOf(heading: string, lines: readonly Line[], statistics: Statistics): string {
  const entries = lines.map((each) => entry(each, statistics))
  return element('div', {}, element('h3', {}, heading), element('dl', {}, ...entries))
}

function entry({ name, label, written }: Line, statistics: Statistics): string {
  const value = statistics[name]
  const known = value !== null && Number.isFinite(value)
  const reason = known ? '' : element('small', {}, escaped(statistics.reasons[name] ?? 'unknown'))
  return element(
    'div',
    {},
    element('dt', {}, escaped(label), reason),
    element('dd', {}, known ? escaped(written(value)) : '–'),
  )
}

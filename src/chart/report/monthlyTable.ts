import { signedPercent } from '../figures.ts'
import { type Cell, cell, table } from './html.ts'
import { compounded, type MonthlyReturn } from './monthlyReturns.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Two lines a year: the strategy's months, and those of holding the symbol. */
export function monthlyTable(months: readonly MonthlyReturn[]): string {
  const years = [...new Set(months.map(({ year }) => year))]
  const rows = years.flatMap((year) =>
    yearRows(
      months.filter((month) => month.year === year),
      year,
    ),
  )
  return table(['', '', ...MONTHS, 'Year'], rows, 'months')
}

function yearRows(months: readonly MonthlyReturn[], year: number): Cell[][] {
  const line = (kind: 'strategy' | 'hold', look: (gain: number) => string) => [
    ...MONTHS.map((_, k) => gainCell(months.find(({ month }) => month === k + 1)?.[kind], look)),
    gainCell(compounded(months.map((month) => month[kind])), (gain) => `total ${look(gain)}`),
  ]
  return [
    [cell(String(year), 'year'), cell('strategy'), ...line('strategy', depth)],
    [cell(''), cell('hold', 'muted'), ...line('hold', () => 'muted')],
  ]
}

/** A month without a candle stays empty; one that cannot be told has a dash. */
function gainCell(gain: number | null | undefined, look: (gain: number) => string): Cell {
  if (gain === undefined) return cell('')
  return gain === null ? cell('–') : cell(signedPercent(gain), look(gain))
}

/** Fractions of one at which a month's ground gets stronger. */
const DEPTHS = [0.00005, 0.01, 0.03] as const

function depth(gain: number): string {
  const level = DEPTHS.filter((least) => Math.abs(gain) >= least).length
  return level === 0 ? '' : `${gain > 0 ? 'up' : 'down'}${level}`
}

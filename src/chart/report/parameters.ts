import type { BacktestRequest } from '../../backtest/request.ts'
import { isoInstant } from '../../market/time.ts'
import { money } from '../figures.ts'
import type { ReportSubject } from '../subject.ts'
import { element, escaped } from '../svg.ts'

/** The request in full, every default filled in, and the data that it met: what is needed to run it again. */
export function parameterList({ request, dataVersion }: ReportSubject): string {
  const { name: strategy, ...ofStrategy } = request.strategy
  const entries = [
    ...Object.entries(dataParameters(request)),
    ...Object.entries({ strategy, ...ofStrategy }),
    ...Object.entries(request.execution),
    ...Object.entries({ sizing: sizingTold(request), initialCash: money(request.initialCash), dataVersion }),
  ]
  return element('dl', { class: 'parameters' }, ...entries.map(([name, value]) => entry(name, value)))
}

const entry = (name: string, value: unknown): string =>
  element(
    'div',
    {},
    element('dt', {}, escaped(name)),
    element('dd', {}, escaped(value === null ? 'none' : String(value))),
  )

const dataParameters = ({ symbol, from, to, size, session, align, base, force }: BacktestRequest) => ({
  ...{ symbol, from: isoInstant(from), to: isoInstant(to), size, session, align, base, force },
})

const sizingTold = ({ sizing }: BacktestRequest): string =>
  sizing.kind === 'shares' ? `${sizing.shares} shares` : `fraction ${sizing.fraction} of equity`

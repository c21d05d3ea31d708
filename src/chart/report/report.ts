import { chartMarkup } from '../chart.ts'
import type { ReportSubject } from '../subject.ts'
import { element, escaped } from '../svg.ts'
import { parametersTold, rangeTold, titleOf } from '../wording.ts'
import { paragraph, section, sideways } from './html.ts'
import { keyFigures } from './keyFigures.ts'
import { monthlyReturns } from './monthlyReturns.ts'
import { monthlyTable } from './monthlyTable.ts'
import { parameterList } from './parameters.ts'
import { statisticsTable } from './statisticsTable.ts'
import { reportStyle } from './style.ts'
import { tradesTable } from './tradesTable.ts'

/** A backtest as one page of HTML that needs nothing else: no script, no font, no picture from elsewhere. */
export function reportHtml(subject: ReportSubject): string {
  const title = element('title', {}, escaped(`${titleOf(subject)}: backtest`))
  const head = element('head', {}, ...META, title, element('style', {}, reportStyle()))
  const page = element(
    'html',
    { lang: 'en' },
    head,
    element('body', {}, element('main', {}, ...parts(subject))),
  )
  return `<!doctype html>\n${page}\n`
}

const META = [
  element('meta', { charset: 'utf-8' }),
  element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
]

function parts(subject: ReportSubject): string[] {
  const { outcome } = subject
  return [
    heading(subject),
    keyFigures(subject),
    warnings(outcome.warnings),
    element('section', {}, sideways('chart', chartMarkup(subject))),
    section('Statistics', statisticsTable(outcome.statistics)),
    section('Monthly returns', monthlyTable(monthlyReturns(subject))),
    section('Trades', tradesTable(subject)),
    section('Parameters and data', parameterList(subject), paragraph(repaintTold(outcome.rewrites), 'muted')),
    element('footer', {}, paragraph('Times are New York’s, money is in the instrument’s currency.')),
  ]
}

const heading = (subject: ReportSubject): string =>
  element(
    'header',
    {},
    element('h1', {}, escaped(titleOf(subject))),
    paragraph(rangeTold(subject)),
    paragraph(parametersTold(subject.request), 'muted'),
  )

function warnings(all: readonly string[]): string {
  if (all.length === 0) return ''
  const items = all.map((warning) => element('li', {}, escaped(warning)))
  const content = [element('h2', {}, 'Before you trust it'), element('ul', {}, ...items)]
  return element('section', { class: 'warnings' }, ...content)
}

const repaintTold = (rewrites: number): string =>
  rewrites === 0
    ? 'Decisions on beginnings of the data were compared with those on the whole: none came out otherwise.'
    : `Decisions that came out otherwise on a beginning of the data: ${rewrites}. This run is not to be trusted.`

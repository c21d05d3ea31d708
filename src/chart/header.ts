import { lookOf, signedPercent } from './figures.ts'
import { FONT, type Frame, LINE, widthOf } from './layout.ts'
import type { ChartSubject } from './subject.ts'
import { group, text } from './svg.ts'
import { fitted, textWidth, wrapped } from './textWidth.ts'
import { holdTold, parametersTold, rangeTold, titleOf, tradesTold } from './wording.ts'

/** A line of the header: what was run on the left, what came of it on the right. */
export interface HeaderLine {
  readonly left: Words
  readonly right: Words | null
}

interface Words {
  readonly content: string
  readonly look: string
  readonly sizePx: number
}

/** Pixels. */
const GAP = 24
/** Below this width the counts of trades have a line of their own. */
const ROOMY = 900

/** All that a picture tells in words above the panels. */
export function headerLines(subject: ChartSubject, width: number): HeaderLine[] {
  const [hold, trades] = [holdTold(subject), tradesTold(subject)]
  const parameters = parametersTold(subject.request)
  if (width < ROOMY) {
    const all = [rangeTold(subject), `${hold} · ${trades}`, parameters]
    const lines = all.flatMap((each) => wrapped(each, FONT.body, width))
    return [titleLine(subject), ...lines.map((line) => ({ left: muted(line), right: null }))]
  }
  const room = width - textWidth(trades, FONT.body) - GAP
  const [first, ...rest] = wrapped(parameters, FONT.body, room).map(muted)
  return [
    titleLine(subject),
    { left: plain(rangeTold(subject)), right: plain(hold) },
    { left: first!, right: muted(trades) },
    ...rest.map((left) => ({ left, right: null })),
  ]
}

export const drawHeader = (lines: readonly HeaderLine[], frame: Frame): string =>
  group(
    'header',
    ...lines.map((line, k) => drawLine(line, frame, frame.top + (k === 0 ? 16 : 19 + k * LINE))),
  )

function titleLine(subject: ChartSubject): HeaderLine {
  const { totalReturn } = subject.outcome.statistics
  const result = totalReturn === null ? 'no result' : signedPercent(totalReturn)
  return {
    left: { content: titleOf(subject), look: 'title', sizePx: FONT.title * BOLD },
    right: { content: result, look: `result ${lookOf(totalReturn)}`, sizePx: FONT.result * BOLD },
  }
}

/** How much wider bold letters are. */
const BOLD = 1.12

const plain = (content: string): Words => ({ content, look: '', sizePx: FONT.body })
const muted = (content: string): Words => ({ content, look: 'muted', sizePx: FONT.body })

function drawLine({ left, right }: HeaderLine, frame: Frame, y: number): string {
  const taken = right ? textWidth(right.content, right.sizePx) + GAP : 0
  const content = fitted(left.content, left.sizePx, widthOf(frame) - taken)
  const result = right && text(frame.right, y, right.content, { class: right.look, 'text-anchor': 'end' })
  return text(frame.left, y, content, { class: left.look }) + (result ?? '')
}

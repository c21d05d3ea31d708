import { type Drawn, showsLevels } from './drawn.ts'
import { decimal } from './figures.ts'
import type { ChartSubject } from './subject.ts'
import type { SwingMarks } from './swings.ts'
import type { MarkGroup } from './tradeMarks.ts'

/** How many warnings a picture tells; a report tells all. */
const MOST_WARNINGS = 3

/** What a reader must know: how the picture was made, in one paragraph, and each warning in its own. */
export function notesOf({ outcome }: ChartSubject, { drawn, ...made }: Made): string[] {
  const making = [
    'Times are New York’s. Nights, weekends and candles without a trade take no room.',
    ...summing(outcome.candles.length, drawn),
    ...thinning({ drawn, ...made }),
  ]
  return [
    making.join(' '),
    ...outcome.warnings.slice(0, MOST_WARNINGS),
    ...more(outcome.warnings.length - MOST_WARNINGS),
  ]
}

/** How the picture was made. */
interface Made {
  readonly drawn: Drawn
  readonly marks: readonly MarkGroup[]
  readonly swings: SwingMarks
  /** Holding periods are a strip. */
  readonly crowded: boolean
}

function summing(candles: number, drawn: Drawn): string[] {
  if (drawn.per === 1) return []
  const [all, each, few] = [candles, drawn.per, drawn.slots].map((count) => decimal(count, 0))
  return [
    `Summarised: ${all} candles are drawn as ${few}, ${each} in one;`,
    'lines are those at the end of each, the drawdown is its deepest.',
    ...(showsLevels(drawn)
      ? []
      : ['Levels, stops and swings come and go inside a drawn candle and are left out.']),
  ]
}

function thinning({ drawn, marks, swings, crowded }: Made): string[] {
  const joined = marks.some((group) => group.length > 1)
  const hidden = showsLevels(drawn) ? swings.left : 0
  return [
    ...(joined ? ['Entries and exits too close to stand apart share an arrow: ×n counts them.'] : []),
    ...(crowded ? ['Holding periods are the strip below the candles.'] : []),
    ...(hidden > 0
      ? [`Of swings that would touch, the more extreme is marked: ${decimal(hidden, 0)} are not.`]
      : []),
  ]
}

const more = (count: number): string[] => (count > 0 ? [`Further warnings: ${decimal(count, 0)}.`] : [])

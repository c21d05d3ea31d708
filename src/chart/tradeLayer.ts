import type { Across } from './across.ts'
import type { Frame } from './layout.ts'
import { box } from './paths.ts'
import type { Scale } from './scales.ts'
import { coordinate, group, path } from './svg.ts'
import type { Ending, TradeMark } from './tradeMarks.ts'

const ENDINGS: Readonly<Record<Ending, string>> = { gain: 'Gain', loss: 'Loss', open: 'Open' }

/** Pixels of the axis for each trade, below which shading every panel would only make stripes. */
const ROOM = 14
/** Pixels. */
const STRIP = 7

export const isCrowded = (trades: readonly TradeMark[], { pitch, drawn }: Across): boolean =>
  trades.length * ROOM > pitch * drawn.slots

/** The time in which a position was held, shaded over all panels; a strip in the first one where it is crowded. */
export function shadeHoldings(
  trades: readonly TradeMark[],
  across: Across,
  panels: readonly [Frame, ...Frame[]],
): string {
  const [{ bottom, ...first }] = panels
  if (isCrowded(trades, across))
    return group('strip', shade(trades, across, { ...first, bottom, top: bottom - STRIP }))
  return panels.map((frame) => shade(trades, across, frame)).join('')
}

/** What a panel leaves to labels: its strip is no place for them. */
export const aboveStrip = (panel: Frame): Frame => ({ ...panel, bottom: panel.bottom - STRIP - 3 })

const shade = (trades: readonly TradeMark[], across: Across, { top, bottom }: Frame): string =>
  byEnding('held', trades, (trade) => {
    const [left, right] = reach(trade, across)
    return box(left, top, Math.max(right, left + 1), bottom)
  })

/** The way of each trade: a dashed line from the price paid to the price got. */
export const drawWays = (trades: readonly TradeMark[], across: Across, y: Scale): string =>
  byEnding('way', trades, (trade) => {
    const [left, right] = reach(trade, across)
    const [from, to] = [y(trade.entry.price), y(trade.markPrice)]
    return `M${coordinate(left)} ${coordinate(from)}L${coordinate(right)} ${coordinate(to)}`
  })

/** From where to where a trade reaches, in pixels. */
function reach({ entry, exit }: TradeMark, { x, drawn }: Across): [left: number, right: number] {
  return [x(entry.slot), exit ? x(exit.slot) : x(drawn.slots - 0.5)]
}

function byEnding(name: string, trades: readonly TradeMark[], shape: (trade: TradeMark) => string): string {
  const endings = Object.keys(ENDINGS) as Ending[]
  const shapes = (ending: Ending) => trades.filter((trade) => trade.ending === ending).map(shape)
  return endings.map((ending) => path(name + ENDINGS[ending], shapes(ending).join(''))).join('')
}

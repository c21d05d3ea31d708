/** A rectangle of the picture, in pixels. */
export interface Frame {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

export const widthOf = ({ left, right }: Frame): number => right - left
export const heightOf = ({ top, bottom }: Frame): number => bottom - top

/** The frame of a width about the middle `x`, between two heights in either order. */
export const frameFrom = (x: number, width: number, from: number, to: number): Frame => ({
  left: x - width / 2,
  right: x + width / 2,
  top: Math.min(from, to),
  bottom: Math.max(from, to),
})

/** Where everything lies. The panels share one x axis, from `left` to `right`. */
export interface Layout {
  readonly width: number
  readonly height: number
  readonly header: Frame
  readonly legend: Frame
  readonly price: Frame
  readonly volume: Frame
  readonly equity: Frame
  readonly drawdown: Frame
  readonly axis: Frame
  readonly footer: Frame
}

/** Pixels, as are all sizes of fonts. */
export const FONT = { title: 18, result: 20, body: 12, small: 11 } as const
export const LINE = 17

const MARGIN = { left: 18, right: 70, edge: 14 } as const
/** What a header takes besides its lines: the title's height, and the room below. */
const HEADER = 14
const AXIS = 36
/** Above each lower panel: room for its caption. */
const CAPTION = 24

/** What the panels get of the height that they share. */
const SHARES = { price: 0.6, volume: 0.1, equity: 0.18, drawdown: 0.12 } as const

/** What the panels of a picture span from left to right. */
export const plotOf = (width: number): Pick<Frame, 'left' | 'right'> => ({
  left: MARGIN.left,
  right: width - MARGIN.right,
})

/** How many lines of text the parts take that have no fixed number. */
export interface LineCounts {
  readonly header: number
  readonly legend: number
  readonly footer: number
}

export function layoutOf(width: number, height: number, lines: LineCounts): Layout {
  const whole = { left: MARGIN.left, right: width - MARGIN.left }
  const header = { ...whole, top: MARGIN.edge, bottom: MARGIN.edge + headerHeight(lines.header) }
  const legend = { ...whole, top: header.bottom, bottom: header.bottom + lines.legend * LINE + 8 }
  const footer = { ...whole, top: height - MARGIN.edge - lines.footer * LINE, bottom: height - MARGIN.edge }
  const axis = { ...plotOf(width), top: footer.top - AXIS - 6, bottom: footer.top - 6 }
  return { width, height, header, legend, axis, footer, ...panels(plotOf(width), legend.bottom, axis.top) }
}

const headerHeight = (lines: number): number => (lines === 0 ? 0 : HEADER + lines * LINE)

function panels(across: Pick<Frame, 'left' | 'right'>, top: number, bottom: number) {
  const shared = bottom - top - 3 * CAPTION
  const at = (from: number, share: number): Frame => ({
    ...across,
    top: Math.round(from),
    bottom: Math.round(from + share * shared),
  })
  const price = at(top, SHARES.price)
  const volume = at(price.bottom + CAPTION, SHARES.volume)
  const equity = at(volume.bottom + CAPTION, SHARES.equity)
  return { price, volume, equity, drawdown: at(equity.bottom + CAPTION, SHARES.drawdown) }
}

import { type Drawn, drawn } from './drawn.ts'
import type { Frame } from './layout.ts'
import type { ChartSubject } from './subject.ts'

/** The x axis: slots side by side, whatever nights and weekends lie between their candles. */
export interface Across {
  readonly drawn: Drawn
  /** Pixels from one slot to the next. */
  readonly pitch: number
  /** The middle of a slot, in pixels. */
  x(slot: number): number
}

/** Pixels that a candle needs to be drawn for itself. */
export const LEAST_PITCH = 1
/** Pixels that a candle gets at least that stands for several: room for a body. */
const SUMMED_PITCH = 3

/** Every candle where each gets a pixel, else as many summed up in one as give it a body. */
export function acrossOf(subject: ChartSubject, frame: Pick<Frame, 'left' | 'right'>): Across {
  const width = frame.right - frame.left
  const most = subject.outcome.candles.length * LEAST_PITCH <= width ? width : width / SUMMED_PITCH
  const all = drawn(subject, Math.floor(most))
  const pitch = width / all.slots
  return { drawn: all, pitch, x: (slot) => frame.left + (slot + 0.5) * pitch }
}

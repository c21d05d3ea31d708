import { SECOND_MS } from './time.ts'

/** One symbol is asked for every 15 s, in turn: 40 of the 58 places that the budget has in ten minutes. */
export const TICK_MS = 15 * SECOND_MS

/** So many symbols may share that turn: each waits 15 s more for new bars for every other one. */
export const MOST_TRACKED = 4

import type { OpenTrade, Trade } from '../execution/trade.ts'
import type { EpochMs } from '../market/time.ts'
import type { Across } from './across.ts'
import type { Drawn } from './drawn.ts'
import type { ChartSubject } from './subject.ts'

/** How a trade ended, for its colour. */
export type Ending = 'gain' | 'loss' | 'open'

/** A trade where it is drawn. */
export interface TradeMark {
  readonly entry: FillMark
  /** Null while it is open: it then reaches to `markPrice` at the last candle. */
  readonly exit: FillMark | null
  readonly markPrice: number
  readonly ending: Ending
}

/** An entry or an exit where it is drawn. */
export interface FillMark {
  readonly kind: 'entry' | 'exit'
  readonly slot: number
  readonly price: number
  readonly at: EpochMs
  readonly reason: string
  readonly ending: Ending
  /** Of the trade, at its exit. */
  readonly returnPct: number | null
}

/** Marks of one kind that would touch: drawn as one, with their number. */
export type MarkGroup = readonly [FillMark, ...FillMark[]]

/** The trades of a run, the open one last. */
export function tradeMarks({ outcome: { trades, openTrade } }: ChartSubject, { drawn }: Across): TradeMark[] {
  const closed = trades.map((trade) => closedMark(trade, drawn))
  return openTrade ? [...closed, openMark(openTrade, drawn)] : closed
}

function closedMark(trade: Trade, { slotAt }: Drawn): TradeMark {
  const ending = trade.netPnl >= 0 ? 'gain' : 'loss'
  const { entryTime, entryPrice, entryReason, exitTime, exitPrice, exitReason, returnPct } = trade
  const at = (time: EpochMs) => ({ at: time, slot: slotAt(time), ending, returnPct }) as const
  return {
    ...{ ending, markPrice: exitPrice },
    entry: { kind: 'entry', price: entryPrice, reason: entryReason, ...at(entryTime) },
    exit: { kind: 'exit', price: exitPrice, reason: exitReason, ...at(exitTime) },
  }
}

function openMark(
  { entryTime, entryPrice, entryReason, markPrice }: OpenTrade,
  { slotAt }: Drawn,
): TradeMark {
  const at = { at: entryTime, slot: slotAt(entryTime), ending: 'open', returnPct: null } as const
  const entry = { kind: 'entry', price: entryPrice, reason: entryReason, ...at } as const
  return { entry, exit: null, markPrice, ending: 'open' }
}

/** Pixels that an arrow needs; farther apart where there are many, so that their number can be read. */
const APART = [11, 26, 44] as const
/** Pixels of the axis for each group of a kind, at least. */
const ROOM = 34

/** The marks in groups that can stand beside each other, entries and exits apart, oldest first. */
export function markGroups(trades: readonly TradeMark[], across: Across): MarkGroup[] {
  const entries = trades.map(({ entry }) => entry)
  const exits = trades.flatMap(({ exit }) => exit ?? [])
  return [entries, exits].flatMap((marks) => legible(marks, across))
}

function legible(marks: readonly FillMark[], { pitch, drawn }: Across): MarkGroup[] {
  const most = (pitch * drawn.slots) / ROOM
  const choices = APART.map((apart) => grouped(marks, apart / pitch))
  return choices.find((groups) => groups.length <= most) ?? choices.at(-1)!
}

function grouped(marks: readonly FillMark[], slots: number): MarkGroup[] {
  const groups: [FillMark, ...FillMark[]][] = []
  for (const mark of marks) {
    const open = groups.at(-1)
    if (open && mark.slot - open[0].slot < slots) open.push(mark)
    else groups.push([mark])
  }
  return groups
}

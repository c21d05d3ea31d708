import { candleClose } from '../market/candleClose.ts'
import type { EpochMs } from '../market/time.ts'
import type { JournalledDecision } from '../ports/decisions.ts'
import type { BookedExecution } from '../ports/executions.ts'
import type { Intent } from '../ports/intents.ts'
import type { Decider, Made } from './decider.ts'
import { isEnd } from './orderState.ts'
import { gridOf } from './settings.ts'

/** What is stored of the past. */
export interface Past {
  /** Those of the candles that the decider has, by their time. */
  readonly decisions: ReadonlyMap<EpochMs, JournalledDecision>
  /** In the order of booking. */
  readonly executions: readonly BookedExecution[]
  readonly intents: readonly Intent[]
}

/** More than any account has: what was bought, the executions say. */
const ANY_EQUITY = Number.MAX_SAFE_INTEGER

/**
 * State is replayed, not saved (architecture, decision 4): the same candles, decisions and executions in the order in
 * which they came. Answers the decisions that nobody has journalled, oldest first: candles that closed while no trader ran.
 */
export function replay(decider: Decider, past: Past): Made[] {
  decider.reset()
  const moments = new Moments(decider, past)
  const first = firstDecided(decider, past.decisions)
  const unheard: Made[] = []
  for (let i = 0; i < decider.bars.length; i++) {
    const time = decider.bars.time[i] as EpochMs
    const journalled = past.decisions.get(time)
    const madeAt = journalled?.madeAt ?? candleClose(gridOf(decider.settings), time)
    moments.passUntil(madeAt)
    if (first === null || time < first) {
      decider.warmUp(i)
      continue
    }
    const isNewest = i === decider.bars.length - 1
    const made = decider.close(i, ANY_EQUITY, madeAt)
    if (journalled === undefined) unheard.push(made)
    if (journalled ? journalled.outcome !== 'ordered' : !isNewest) decider.drop()
  }
  moments.passUntil(Number.POSITIVE_INFINITY)
  return unheard
}

function firstDecided(decider: Decider, decisions: Past['decisions']): EpochMs | null {
  for (let i = 0; i < decider.bars.length; i++) {
    const time = decider.bars.time[i] as EpochMs
    if (decisions.has(time)) return time
  }
  return null
}

/** Executions and ends of orders, as they came. */
class Moments {
  readonly #moments: { readonly at: number; readonly pass: () => void }[]

  constructor(decider: Decider, { executions, intents }: Past) {
    const fills = executions.map((each) => ({ at: each.bookedAt as number, pass: () => decider.feed(each) }))
    const ends = intents
      .filter(({ purpose, state }) => purpose !== 'stop' && isEnd(state))
      .map(({ endedAt, createdAt }) => ({ at: (endedAt ?? createdAt) as number, pass: () => decider.drop() }))
    this.#moments = [...fills, ...ends].sort((a, b) => a.at - b.at)
  }

  /** What came before an instant. */
  passUntil(at: number): void {
    while (this.#moments.length > 0 && this.#moments[0]!.at < at) this.#moments.shift()!.pass()
  }
}

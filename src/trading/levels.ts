import type { EpochMs } from '../market/time.ts'
import type { Stores } from '../ports/stores.ts'
import type { Trader, TraderChange } from '../ports/traders.ts'
import { lockedTrader } from './intend.ts'

export type LevelChange = Pick<Trader, 'level' | 'reason' | 'cause'> &
  Partial<Pick<Trader, 'isFlattening' | 'isPanicking'>>

const STRICTNESS = { active: 0, reducing: 1, halted: 2, off: 3 } as const

/**
 * Lowers the level of a trader for a reason of the program's own. What a person has set meanwhile that is stricter
 * stands; the program never raises it.
 */
export const lowerLevel = (stores: Stores, change: LevelChange, at: EpochMs): Promise<Trader> =>
  changed(stores, (trader) => {
    const isStricter = STRICTNESS[change.level] > STRICTNESS[trader.level]
    const isOrdered = change.isFlattening === true && !trader.isFlattening
    return isStricter || isOrdered ? { ...change, since: at } : null
  })

/** What was ordered has been done. */
export const concludeLevel = (stores: Stores, change: TraderChange): Promise<Trader> =>
  changed(stores, () => change)

const changed = (stores: Stores, change: (trader: Trader) => TraderChange | null): Promise<Trader> =>
  stores.transaction(async (tx) => {
    const trader = await lockedTrader(tx)
    const fields = change(trader)
    return fields === null ? trader : tx.traders.change(fields)
  })

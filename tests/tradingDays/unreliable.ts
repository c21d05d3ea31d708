import { unavailable } from '../../src/errors.ts'
import type { Random } from '../../src/market/time.ts'
import type { Stores } from '../../src/ports/stores.ts'

/** In how many of a hundred calls the database fails, and in how many it has done what was asked and its answer is lost. */
export interface Unreliability {
  failing: number
  forgetting: number
}

const AWAY = 'the database went away'

/** Stores that fail as a database does whose connection breaks. */
export function unreliable(stores: Stores, state: Unreliability, random: Random): Stores {
  const fails = (percent: number): boolean => percent > 0 && 100 * random() < percent
  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    if (fails(state.failing)) throw unavailable(AWAY)
    const result = await work()
    if (fails(state.forgetting)) throw unavailable(AWAY)
    return result
  }
  const wrapped = Object.entries(stores).map(([name, store]) => [
    name,
    name === 'transaction' ? store : each(store, call),
  ])
  return {
    ...(Object.fromEntries(wrapped) as Stores),
    transaction: (work) => call(() => stores.transaction(work)),
  }
}

function each(store: object, call: <T>(work: () => Promise<T>) => Promise<T>): object {
  const methods = Object.entries(store) as [string, (...args: unknown[]) => Promise<unknown>][]
  return Object.fromEntries(
    methods.map(([name, act]) => [name, (...args: unknown[]) => call(async () => act(...args))]),
  )
}

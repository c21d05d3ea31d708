import type { Intent } from '../../src/ports/intents.ts'
import type { Stores } from '../../src/ports/stores.ts'
import type { Reaper } from '../tradingDays/mortal.ts'
import { die } from './die.ts'

/**
 * Tells the commits that concern orders, named after what they say: `entry reserved`, `entry sending`, `stop working`,
 * `exit executed`. Before one, all of it is written and nothing of it kept.
 */
export function mortalStores(stores: Stores, reaper: Reaper): Stores {
  const purposes = new Map<string, string>()
  const pass: (...step: Parameters<Reaper>) => void = (point, side) => reaper(point, side) && die()
  return {
    ...stores,
    executions: {
      ...stores.executions,
      async tellCommission(root, ...cost) {
        const point = `${purposes.get(root) ?? 'earlier'} commission`
        pass(point, 'before')
        const isNews = await stores.executions.tellCommission(root, ...cost)
        pass(point, 'after')
        return isNews
      },
    },
    async transaction(work) {
      let point: string | null = null
      const result = await stores.transaction(async (tx) => {
        const written = new Written(purposes)
        const result = await work(written.watch(tx))
        point = written.point
        if (point !== null) pass(point, 'before')
        return result
      })
      if (point !== null) pass(point, 'after')
      return result
    },
  }
}

/** What a transaction has written of orders. */
class Written {
  #first: string | null = null
  #root: string | null = null
  readonly #purposes: Map<string, string>

  /** `purposes`: whose executions they are, by their roots. */
  constructor(purposes: Map<string, string>) {
    this.#purposes = purposes
  }

  /** The first of an entry and its stop stands for both. */
  get point(): string | null {
    if (this.#root === null) return this.#first
    return `${this.#purposes.get(this.#root) ?? 'foreign'} executed`
  }

  watch(tx: Stores): Stores {
    return {
      ...tx,
      intents: {
        ...tx.intents,
        create: async (intent) => this.#note(await tx.intents.create(intent), intent.state),
        change: async (id, fields) => this.#note(await tx.intents.change(id, fields), sayingOf(fields)),
      },
      executions: {
        ...tx.executions,
        book: async (execution) => {
          const booked = await tx.executions.book(execution)
          if (booked !== null) this.#root = execution.root
          return booked
        },
      },
    }
  }

  /** What was denied is no order. */
  #note(intent: Intent, saying: string): Intent {
    if (intent.state === 'denied') return intent
    this.#first ??= `${intent.purpose} ${saying}`
    if (this.#root !== null) this.#purposes.set(this.#root, intent.purpose)
    return intent
  }
}

function sayingOf(fields: Partial<Intent>): string {
  if (fields.state !== undefined) return fields.state
  if (fields.sentAt) return 'sent'
  return fields.quantity === undefined ? 'noted' : 'amended'
}

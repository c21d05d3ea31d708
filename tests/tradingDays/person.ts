import { type EpochMs, MINUTE_MS, type Random } from '../../src/market/time.ts'
import type { TraderChange } from '../../src/ports/traders.ts'
import { acknowledged } from '../../src/trading/acknowledged.ts'
import type { Assembly } from './assembly.ts'

/** How long the trader is let alone, and how long it is stopped, on the average, in market milliseconds. */
export interface Habit {
  readonly aloneMs: number
  readonly stoppedMs: number
}

export const HABIT: Habit = { aloneMs: 40 * MINUTE_MS, stoppedMs: 2.5 * MINUTE_MS }
export const MEDDLING: Habit = { aloneMs: 5 * MINUTE_MS, stoppedMs: 8 * MINUTE_MS }

/** Somebody who looks at the trader now and then: stops it for no reason, and sets it going again when all is well. */
export class Person {
  readonly #run: Assembly
  readonly #random: Random
  readonly #habit: Habit

  constructor(run: Assembly, random: Random, habit: Habit) {
    this.#run = run
    this.#random = random
    this.#habit = habit
  }

  async run(until: EpochMs, signal: AbortSignal): Promise<void> {
    const { clock } = this.#run
    while (clock.now() < until) {
      await clock.sleep((0.5 + this.#random()) * this.#habit.aloneMs, signal)
      await this.#stop()
      await clock.sleep((0.5 + this.#random()) * this.#habit.stoppedMs, signal)
      await this.seeTo()
    }
  }

  /** Looks what is the matter; what can go on is set going. */
  async seeTo(): Promise<void> {
    const { memory, witness, clock } = this.#run
    const trader = await memory.stores.traders.find()
    if (trader === null || trader.level === 'active' || trader.isFlattening) return
    if (witness.held < 0) return
    witness.killedAt = null
    await this.#set({ level: 'active', reason: null, cause: 'person', since: clock.now() })
  }

  async #stop(): Promise<void> {
    const { clock, memory, witness, trace } = this.#run
    const draw = this.#random()
    const how = draw < 0.4 ? 'halted' : draw < 0.6 ? 'reducing' : 'flatten'
    trace.add('person', how)
    const since = clock.now()
    const level = how === 'flatten' ? 'halted' : how
    await this.#set({
      level,
      isFlattening: how === 'flatten',
      reason: 'a person stops it',
      cause: 'person',
      since,
    })
    if (await acknowledged({ stores: memory.stores, machine: clock })) witness.killedAt = clock.now()
  }

  async #set(change: TraderChange): Promise<void> {
    const { memory } = this.#run
    await memory.stores.transaction(async (tx) => {
      if ((await tx.traders.lock()) !== null) await tx.traders.change(change)
    })
  }
}

import { sleepBy } from '../../src/clock/sleep.ts'
import type { Dial, Duplex } from '../../src/gateway/duplex.ts'
import type { Clock, Random } from '../../src/market/time.ts'
import type { Stores } from '../../src/ports/stores.ts'

/** Nobody is left to hear of it. */
const never = <T>(): Promise<T> => new Promise<T>(() => {})

/** Told of every doing of a process that reaches out of it, before it and after it: true is its death. */
export type Reaper = (doing: string, side: 'before' | 'after') => boolean

/**
 * A process that can be killed between any two of its doings, as `kill -9` does: what it has begun outside is done or
 * not, nothing of it goes on, and its connections break.
 */
export class Mortal {
  isDead = false
  readonly #reaper: Reaper
  readonly #onDeath = new Set<() => void>()

  constructor(reaper: Reaper) {
    this.#reaper = reaper
  }

  kill(): void {
    if (this.isDead) return
    this.isDead = true
    for (const bury of this.#onDeath) bury()
  }

  onDeath(bury: () => void): void {
    this.#onDeath.add(bury)
  }

  /** One doing. */
  async call<T>(doing: string, work: () => Promise<T>): Promise<T> {
    if (this.#dies(doing, 'before')) return never()
    try {
      const result = await work()
      return this.#dies(doing, 'after') ? never() : result
    } catch (error) {
      if (this.isDead) return never()
      throw error
    }
  }

  clock(clock: Clock): Clock {
    const after: Clock['after'] = (delayMs, callback) =>
      clock.after(delayMs, () => {
        if (!this.isDead) callback()
      })
    const sleep: Clock['sleep'] = (delayMs, signal) => sleepBy((wake) => after(delayMs, wake), signal)
    return {
      now: () => clock.now(),
      after,
      sleep,
      async sleepUntil(at, signal) {
        signal?.throwIfAborted()
        if (clock.now() < at) await sleep(at - clock.now(), signal)
      },
    }
  }

  stores(stores: Stores): Stores {
    const wrapped = Object.entries(stores).map(([name, store]) => [
      name,
      name === 'transaction' ? store : this.#store(name, store as object),
    ])
    return {
      ...(Object.fromEntries(wrapped) as Stores),
      transaction: (work) => this.call('transaction', () => stores.transaction(work)),
    }
  }

  dial(dial: Dial): Dial {
    return () => {
      const line = dial()
      this.onDeath(() => line.destroy())
      const write = line.write.bind(line)
      line.write = (data) => {
        if (this.#dies('write', 'before')) return
        write(data)
        this.#dies('write', 'after')
      }
      return line satisfies Duplex
    }
  }

  #store(name: string, store: object): object {
    const methods = Object.entries(store) as [string, (...args: unknown[]) => unknown][]
    return Object.fromEntries(
      methods.map(([method, act]) => [
        method,
        (...args: unknown[]) => this.call(`${name}.${method}`, async () => act(...args)),
      ]),
    )
  }

  #dies(doing: string, side: 'before' | 'after'): boolean {
    if (!this.isDead && this.#reaper(doing, side)) this.kill()
    return this.isDead
  }
}

/** Kills at one of the next doings, of which it counts those that a filter names. */
export class Scythe {
  #left: number | null = null
  #isMeant: (doing: string) => boolean = () => true
  #side: 'before' | 'after' = 'before'

  readonly reaper: Reaper = (doing, side) => {
    if (this.#left === null || side !== this.#side || !this.#isMeant(doing)) return false
    if (--this.#left > 0) return false
    this.#left = null
    return true
  }

  /** At the `count`-th of the doings meant from now on, or never if they do not come. */
  raise(count: number, random: Random, isMeant: (doing: string) => boolean = () => true): void {
    this.#left = count
    this.#isMeant = isMeant
    this.#side = random() < 0.5 ? 'before' : 'after'
  }
}

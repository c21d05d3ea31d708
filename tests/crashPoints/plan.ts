import type { Random } from '../../src/market/time.ts'

/**
 * What every entry and every exit pass when nothing goes wrong, each to be hit before and after. Decision, event and
 * order share a commit; a stop is amended to what the entry was filled at.
 */
const STEPS: readonly string[] = [
  ...['entry reserved', 'entry sending', 'entry frame', 'child stop frame', 'entry sent', 'entry working'],
  ...['stop working', 'entry executed', 'entry commission', 'stop amended', 'lone stop frame'],
  ...['exit reserved', 'exit sending', 'exit frame', 'exit sent', 'exit working', 'exit executed'],
  ...['exit commission', 'stop cancelling', 'stop cancelled'],
].flatMap((point) => [`before ${point}`, `after ${point}`])

/** Of the steps that are due besides the chosen one: few, or no process would live to an exit. */
const UNLUCKY = 0.03

/**
 * Decides which steps may be the end of the next process: one of those that were it least often, some of the others by
 * chance, and whatever recovery comes by that was it no oftener.
 */
export class Plan {
  readonly kills = new Map<string, number>()
  readonly #random: Random
  #left: number

  constructor(kills: number, random: Random) {
    this.#left = kills
    this.#random = random
  }

  get isDone(): boolean {
    return this.#left <= 0
  }

  /** The steps that the next process is to live through; null when nobody is to be killed any more. */
  next(): string[] | null {
    if (this.isDone) return null
    this.#left--
    const least = Math.min(...STEPS.map((step) => this.#count(step)))
    const due = STEPS.filter((step) => this.#count(step) === least)
    const chosen = due[Math.floor(this.#random() * due.length)]
    const lucky = due.filter((step) => step !== chosen && this.#random() >= UNLUCKY)
    const often = [...this.kills.keys()].filter((step) => this.#count(step) > least)
    return [...often, ...lucky]
  }

  /** A process has died at a step, or of something else, which does not count. */
  died(step: string | null): void {
    if (step === null) this.#left++
    else this.kills.set(step, this.#count(step) + 1)
  }

  get missed(): string[] {
    return STEPS.filter((step) => this.#count(step) === 0)
  }

  #count(step: string): number {
    return this.kills.get(step) ?? 0
  }
}

import { sleepBy } from '../../src/clock/sleep.ts'
import { type Clock, type EpochMs, plus } from '../../src/market/time.ts'

interface Timer {
  readonly at: EpochMs
  /** Of timers that are due together the first that was set goes first. */
  readonly order: number
  callback: (() => void) | null
}

/**
 * Time that passes only when everything that can happen now has happened: a month in minutes. Its methods stand on
 * their own, so that `{ ...clock, now }` is a clock too.
 */
export class VirtualClock implements Clock {
  #time: EpochMs
  #order = 0
  #live = 0
  readonly #heap: Timer[] = []

  constructor(start: EpochMs) {
    this.#time = start
  }

  /** Timers that are set. */
  get pending(): number {
    return this.#live
  }

  readonly now = (): EpochMs => this.#time

  readonly after = (delayMs: number, callback: () => void): (() => void) => {
    const at = plus(this.#time, Math.max(0, Math.ceil(delayMs)))
    const timer: Timer = { at, order: this.#order++, callback }
    push(this.#heap, timer)
    this.#live++
    return () => {
      if (timer.callback === null) return
      timer.callback = null
      this.#live--
    }
  }

  readonly sleep = (delayMs: number, signal?: AbortSignal): Promise<void> =>
    sleepBy((wake) => this.after(delayMs, wake), signal)

  readonly sleepUntil = async (at: EpochMs, signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted()
    if (this.#time < at) await this.sleep(at - this.#time, signal)
  }

  /** Lets time pass until `end`, or until nothing is left to wait for. */
  async runUntil(end: EpochMs): Promise<void> {
    await settled()
    for (let timer = this.#heap[0]; timer !== undefined && timer.at <= end; timer = this.#heap[0]) {
      pop(this.#heap)
      const { callback } = timer
      if (callback === null) continue
      timer.callback = null
      this.#live--
      this.#time = timer.at
      callback()
      await settled()
    }
    this.#time = end
  }
}

/** Every promise that can settle without a timer has settled. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const isBefore = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

/** A binary heap: the parent of `i` is `(i - 1) >> 1`. */
function push(heap: Timer[], timer: Timer): void {
  let i = heap.push(timer) - 1
  for (let parent = (i - 1) >> 1; i > 0 && isBefore(timer, heap[parent]!); parent = (i - 1) >> 1) {
    heap[i] = heap[parent]!
    i = parent
  }
  heap[i] = timer
}

function pop(heap: Timer[]): void {
  const last = heap.pop()!
  if (heap.length === 0) return
  let i = 0
  for (let child = 1; child < heap.length; child = 2 * i + 1) {
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
    if (!isBefore(heap[child]!, last)) break
    heap[i] = heap[child]!
    i = child
  }
  heap[i] = last
}

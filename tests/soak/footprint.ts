const MIB = 2 ** 20
/** The first days fill what is kept for a week, and warm the compiler up. */
const WARM_DAYS = 7
const MAX_GROWTH_MIB_PER_DAY = 1

/** How much memory a long run holds after each day. Needs `--expose-gc`. */
export class Footprint {
  readonly #heaps: number[] = []
  readonly #handles = process.getActiveResourcesInfo().length

  /** Resolves with the heap in MiB. */
  measure(): number {
    globalThis.gc?.()
    const heap = process.memoryUsage().heapUsed / MIB
    this.#heaps.push(heap)
    return heap
  }

  /** Why it is not flat, a sentence each. */
  wrong(): string[] {
    const growth = slopeOf(this.#heaps.slice(WARM_DAYS))
    const handles = process.getActiveResourcesInfo().length - this.#handles
    return [
      ...(growth > MAX_GROWTH_MIB_PER_DAY ? [`the heap grows by ${growth.toFixed(1)} MiB a day`] : []),
      ...(handles > 0 ? [`${handles} handles are left open`] : []),
    ]
  }
}

/** Of the straight line with the least squares; 0 with too few points to tell. */
function slopeOf(values: readonly number[]): number {
  if (values.length < 3) return 0
  const middle = (values.length - 1) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const [rise, run] = values.reduce(
    ([up, along], value, i) => [up + (i - middle) * (value - mean), along + (i - middle) ** 2],
    [0, 0] as [number, number],
  )
  return rise / run
}

/** How long requests of one kind took, and how they ended. */
export class Latencies {
  readonly #ms: number[] = []
  readonly statuses = new Map<number | string, number>()

  add(ms: number, status: number | string): void {
    this.#ms.push(ms)
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1)
  }

  take(other: Latencies): void {
    for (const ms of other.#ms) this.#ms.push(ms)
    for (const [status, count] of other.statuses)
      this.statuses.set(status, (this.statuses.get(status) ?? 0) + count)
  }

  get count(): number {
    return this.#ms.length
  }

  /** The value that the part `q` of them does not exceed; NaN before the first. */
  quantile(q: number): number {
    const sorted = Float64Array.from(this.#ms).sort()
    return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN
  }

  told(): string {
    return [...this.statuses].map(([status, count]) => `${status}: ${count}`).join(', ')
  }
}

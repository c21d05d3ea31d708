/** Bounds what is worked on at once. Who comes when it is full would wait for longer than anybody does. */
export class Crowd {
  readonly #most: number
  #inside = 0

  constructor(most: number) {
    this.#most = most
  }

  /** Null, with nothing begun, while so many others are under way. */
  hold<T>(work: () => Promise<T>): Promise<T> | null {
    if (this.#inside >= this.#most) return null
    this.#inside++
    return work().finally(() => {
      this.#inside--
    })
  }
}

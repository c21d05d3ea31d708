import { unavailable } from '../errors.ts'

const COME_BACK_MS = 1_000

/** Bounds what is worked on at once. Who comes when it is full would wait for longer than anybody does. */
export class Crowd {
  readonly #most: number
  #inside = 0

  constructor(most: number) {
    this.#most = most
  }

  /** Rejects with `unavailable`, without having begun, while so many others are under way. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside >= this.#most) {
      const detail = `the service is busy: ${this.#most} requests are being answered`
      throw unavailable(detail, { retryAfterMs: COME_BACK_MS })
    }
    this.#inside++
    try {
      return await work()
    } finally {
      this.#inside--
    }
  }
}

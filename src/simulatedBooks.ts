import { messageOf } from './errors.ts'
import type { Log } from './log.ts'
import { type Clock, SECOND_MS } from './market/time.ts'
import type { WorldStore } from './ports/world.ts'
import type { Kept } from './simulator/kept.ts'

type BookStore = Pick<WorldStore, 'books' | 'keepBooks'>

/** The database may be away for a moment. */
const RETRY_MS = SECOND_MS / 2

/**
 * What the simulated broker of this process holds, kept in the database: a real broker outlives us too. Only the process
 * that leads keeps it, and whoever leads next begins with it.
 */
export class SimulatedBooks {
  readonly #machine: Clock
  readonly #log: Log
  #store: BookStore | null = null
  #known: string | null
  #latest: string | null
  #isWriting = false

  constructor(known: string | null, { machine, log }: { readonly machine: Clock; readonly log: Log }) {
    this.#known = this.#latest = known
    this.#machine = machine
    this.#log = log
  }

  /** As they were last read or changed here. */
  get kept(): Kept | null {
    return this.#latest === null ? null : (JSON.parse(this.#latest) as Kept)
  }

  changed(kept: Kept): void {
    this.#latest = JSON.stringify(kept)
    void this.#write()
  }

  /** This process leads now. True when another one has changed the books since: the broker must begin anew with them. */
  async takeOver(store: BookStore): Promise<boolean> {
    const stored = await store.books()
    const isNews = stored !== this.#known
    if (isNews) this.#known = this.#latest = stored
    this.#store = store
    return isNews
  }

  /** One write at a time, always of the newest. */
  async #write(): Promise<void> {
    if (this.#isWriting) return
    this.#isWriting = true
    while (this.#store !== null && this.#latest !== this.#known) await this.#writeOnce(this.#store)
    this.#isWriting = false
  }

  async #writeOnce(store: BookStore): Promise<void> {
    const text = this.#latest!
    try {
      await store.keepBooks(text)
      this.#known = text
    } catch (error) {
      // Another process leads, or soon will: what happens here is nobody's account any more.
      if (messageOf(error).includes('another process has taken the lease')) this.#store = null
      this.#log.debug({ error: messageOf(error) }, 'the books of the simulated broker wait to be kept')
      await this.#machine.sleep(RETRY_MS)
    }
  }
}

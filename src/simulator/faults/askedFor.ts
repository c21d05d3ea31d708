import type { About } from '../kinds.ts'

/** Requests of one connection that are remembered. */
const REMEMBERED = 1_000

/** What one client has asked for, so that faults can tell what an answer is about. */
export class AskedFor {
  readonly #requests = new Map<number, About>()
  readonly #silenced = new Set<number>()

  remember(about: About): void {
    if (about.requestId === null || about.name.startsWith('cancel')) return
    this.#silenced.delete(about.requestId)
    this.#requests.delete(about.requestId)
    this.#requests.set(about.requestId, about)
    if (this.#requests.size > REMEMBERED) this.#requests.delete(this.#requests.keys().next().value!)
  }

  /** The request that has this id, as far back as is remembered. */
  request(requestId: number | null): About | null {
    return requestId === null ? null : (this.#requests.get(requestId) ?? null)
  }

  /** The request is never answered again, until its id is used anew. */
  silence(requestId: number): void {
    this.#silenced.add(requestId)
  }

  isSilenced(requestId: number | null): boolean {
    return requestId !== null && this.#silenced.has(requestId)
  }
}

import { createHash } from 'node:crypto'
import type { IdempotencyStore } from '../src/ports/idempotency.ts'
import { refusal } from './problem.ts'

/** An answer in the form that can be kept. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

export interface KeyedRequest {
  /** Method and path. */
  readonly route: string
  readonly key: string
  readonly bytes: Uint8Array
}

/** Answers what it answered before to a request that is sent again with its key. */
export class IdempotentReplies {
  readonly #store: IdempotencyStore
  /** The last request with a key that is being answered here; the next one waits for it. */
  readonly #running = new Map<string, Promise<unknown>>()

  constructor(store: IdempotencyStore) {
    this.#store = store
  }

  /** What fails is not kept: the same key may then be tried again. */
  async reply(request: KeyedRequest, answer: () => Promise<Reply>): Promise<Reply> {
    checkKey(request.key)
    const place = `${request.route} ${request.key}`
    const before = this.#running.get(place) ?? Promise.resolve()
    const turn = before.then(
      () => this.#replyOnce(request, answer),
      () => this.#replyOnce(request, answer),
    )
    this.#running.set(place, turn)
    return turn.finally(() => this.#running.get(place) === turn && this.#running.delete(place))
  }

  async #replyOnce(request: KeyedRequest, answer: () => Promise<Reply>): Promise<Reply> {
    const bodyHash = createHash('sha256').update(request.bytes).digest('hex')
    const kept = await this.#kept(request, bodyHash)
    if (kept) return kept
    const reply = await answer()
    const { status, ...rest } = reply
    const isFirst = await this.#store.save(request.route, request.key, {
      bodyHash,
      status,
      body: JSON.stringify(rest),
    })
    return isFirst ? reply : ((await this.#kept(request, bodyHash)) ?? reply)
  }

  async #kept({ route, key }: KeyedRequest, bodyHash: string): Promise<Reply | null> {
    const kept = await this.#store.find(route, key)
    if (kept === null) return null
    if (kept.bodyHash !== bodyHash) {
      throw refusal([{ path: 'Idempotency-Key', message: 'was used with another body' }])
    }
    const { headers, text } = JSON.parse(kept.body) as Omit<Reply, 'status'>
    return { status: kept.status, headers: { ...headers, 'Idempotent-Replayed': 'true' }, text }
  }
}

function checkKey(key: string): void {
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return
  throw refusal([{ path: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' }])
}

import type { KeyedRequest } from '../src/ports/idempotency.ts'
import type { Stores } from '../src/ports/stores.ts'
import { afterwards, type Command, tellAnswered, tellAsked } from './commands.ts'
import type { AppDeps } from './deps.ts'
import { type HttpProblem, problemOf, refusal } from './problem.ts'
import { opened, sealed } from './sealed.ts'

/** An answer in the form that can be kept. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

export interface KeyedCommand extends Command {
  /** Method and path. */
  readonly route: string
  readonly key: string
  readonly bodyHash: () => string
  /** Under which the answer is encrypted where it tells a secret; null where it tells none. */
  readonly sealedUnder: string | null
}

/** Answers, for the id of what is to be made. */
type Work = (subject: string) => Promise<Reply>

type Deps = Pick<AppDeps, 'stores' | 'machine' | 'log'>

/**
 * Answers what it answered before to a request that is sent again with its key. The key is kept before the work begins,
 * together with the log's entry, and the answer after it: a request that a crash has cut short is worked on again when
 * it is sent again, for the same subject.
 */
export class IdempotentReplies {
  readonly #deps: Deps
  /** The last request with a key that is being answered here; the next one waits for it. */
  readonly #running = new Map<string, Promise<unknown>>()

  constructor(deps: Deps) {
    this.#deps = deps
  }

  /** What fails is not kept: the same key may then be tried again. */
  async reply(command: KeyedCommand, work: Work): Promise<Reply> {
    checkKey(command.key)
    const place = placeOf(command)
    const before = this.#running.get(place) ?? Promise.resolve()
    const turn = before.then(
      () => this.#replyOnce(command, work),
      () => this.#replyOnce(command, work),
    )
    this.#running.set(place, turn)
    return turn.finally(() => this.#running.get(place) === turn && this.#running.delete(place))
  }

  async #replyOnce(command: KeyedCommand, work: Work): Promise<Reply> {
    const { route, key } = command
    const { request, asked } = await this.#together(async (stores) => {
      const request = await stores.idempotency.begin(route, key, command.bodyHash())
      checkBody(request, command.bodyHash())
      return { request, asked: request.answer === null ? await tellAsked(this.#deps, stores, command) : null }
    })
    if (asked === null) return keptReply(command, request)
    const reply = await work(request.subject).catch(async (error: unknown) => {
      await afterwards(this.#deps, () => this.#giveUp(command, asked, problemOf(error)))
      throw error
    })
    const { status, ...rest } = reply
    const isFirst = await this.#together(async (stores) => {
      const answer = { status, body: keptText(command, JSON.stringify(rest)) }
      const isFirst = await stores.idempotency.finish(route, key, answer)
      await tellAnswered(this.#deps, stores, command, asked, status)
      return isFirst
    })
    if (isFirst) return reply
    const first = await this.#deps.stores.idempotency.begin(route, key, command.bodyHash())
    return first.answer === null ? reply : keptReply(command, first)
  }

  /** What was refused has done nothing, and frees the key; of what failed on our side nobody knows how far it came. */
  #giveUp(command: KeyedCommand, asked: Asked, { status }: HttpProblem): Promise<void> {
    return this.#together(async (stores) => {
      if (status < 500) await stores.idempotency.forget(command.route, command.key)
      await tellAnswered(this.#deps, stores, command, asked, status)
    })
  }

  #together<T>(work: (stores: Stores) => Promise<T>): Promise<T> {
    return this.#deps.stores.transaction(work)
  }
}

type Asked = Awaited<ReturnType<typeof tellAsked>>

function checkBody({ bodyHash }: KeyedRequest, own: string): void {
  if (bodyHash === own) return
  throw refusal([{ path: 'Idempotency-Key', message: 'was used with another body' }])
}

const placeOf = ({ route, key }: KeyedCommand): string => `${route} ${key}`

const keptText = (command: KeyedCommand, text: string): string =>
  command.sealedUnder === null ? text : sealed(text, command.sealedUnder, placeOf(command))

function keptReply(command: KeyedCommand, { answer }: KeyedRequest): Reply {
  const { status, body } = answer!
  const { sealedUnder } = command
  const plain = sealedUnder === null ? body : opened(body, sealedUnder, placeOf(command))
  if (plain === null) throw refusal([{ path: 'Idempotency-Key', message: 'was used with another token' }])
  const { headers, text } = JSON.parse(plain) as Omit<Reply, 'status'>
  return { status, headers: { ...headers, 'Idempotent-Replayed': 'true' }, text }
}

function checkKey(key: string): void {
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return
  throw refusal([{ path: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' }])
}

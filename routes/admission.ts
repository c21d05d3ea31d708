import type { Operation } from '../openapi/operation.ts'
import { Crowd } from '../src/access/crowd.ts'
import { type Allowance, RateLimiter, type RateName, type Rates } from '../src/access/rates.ts'
import type { Token } from '../src/ports/tokens.ts'
import { accessOf, checkScope, identify, isSafe, isWrongToken } from './access.ts'
import { addressKey } from './addressKey.ts'
import { addressOf } from './commands.ts'
import type { AppDeps } from './deps.ts'
import type { AppContext } from './env.ts'
import { HttpProblem, retryAfter } from './problem.ts'

type Deps = Pick<AppDeps, 'access' | 'tokens' | 'machine' | 'rates'>

/** Questions that are answered at once; a table counts until its first line. No command is turned away for them. */
const MOST_QUESTIONS = 256
const COME_BACK_MS = 1_000
const BUSY = `The service is busy: ${MOST_QUESTIONS} questions are being answered.`

/** Who may come in, how often, and how many at once. */
export class Admission {
  readonly #crowd = new Crowd(MOST_QUESTIONS)
  readonly #deps: Deps
  readonly #limiters: Readonly<Record<RateName, RateLimiter>>

  constructor(deps: Deps) {
    this.#deps = deps
    const of = (name: RateName) => new RateLimiter(deps.machine, deps.rates[name])
    this.#limiters = {
      ...{ read: of('read'), heavy: of('heavy'), trade: of('trade') },
      ...{ failure: of('failure'), refusal: of('refusal') },
    }
  }

  /** Lets a request in, or throws the problem that it has. Null is a request that no operation answers. */
  async admit(c: AppContext, operation: Operation | null): Promise<void> {
    const access = operation?.access ?? accessOf(c.req.method)
    if (access !== 'open' && !(access === 'read' && this.#deps.access.openReads)) {
      const token = await this.#identified(c).catch((error) => this.#count(c, error))
      c.set('actor', token)
      checkScope(token, access)
    }
    if (operation?.rate !== 'none') this.#take(c, isSafe(c.req.method) ? 'read' : 'trade')
  }

  /** Answers a question unless too many others are being answered. */
  answering<T>({ always }: Operation, answer: () => Promise<T>): Promise<T> {
    const answered = always ? answer() : this.#crowd.hold(answer)
    if (answered === null) throw new HttpProblem(503, BUSY, { headers: retryAfter(COME_BACK_MS) })
    return answered
  }

  /** What costs the machine more than a page of a list. */
  admitHeavy(c: AppContext): void {
    this.#take(c, 'heavy')
  }

  /** Whether a refusal still goes into the audit log: who is refused again and again is told of now and then. */
  mayTellOf(c: AppContext): boolean {
    return this.#limiters.refusal.take(addressKey(addressOf(c))).isAllowed
  }

  /** An address that has shown many wrong tokens makes the database look for no more of them. */
  #identified(c: AppContext): Promise<Token> {
    const { isAllowed } = this.#limiters.failure.look(addressKey(addressOf(c)))
    return identify(c.req, this.#deps.tokens, isAllowed)
  }

  /** A right token is never held up by somebody's wrong ones. */
  #count(c: AppContext, error: unknown): never {
    if (!isWrongToken(error)) throw error
    const { isAllowed, waitMs } = this.#limiters.failure.take(addressKey(addressOf(c)))
    if (isAllowed) throw error
    throw tooMany('Too many wrong tokens came from this address.', waitMs)
  }

  #take(c: AppContext, name: Exclude<RateName, 'failure' | 'refusal'>): void {
    const actor = c.get('actor')
    const keys = [addressKey(addressOf(c)), ...(actor ? [`token ${actor.id}`] : [])]
    const taken = keys.map((key) => this.#limiters[name].take(key))
    const tightest = taken.reduce((a, b) => (a.isAllowed && (!b.isAllowed || b.left < a.left) ? b : a))
    tell(c, name, this.#deps.rates, tightest)
    if (!tightest.isAllowed) throw tooMany(`Too many requests: ${name}.`, tightest.waitMs)
  }
}

const tooMany = (detail: string, waitMs: number): HttpProblem =>
  new HttpProblem(429, detail, { headers: retryAfter(waitMs) })

/** The fields of draft-ietf-httpapi-ratelimit-headers: how many may come within how many seconds, and what is left. */
function tell(c: AppContext, name: RateName, rates: Rates, { left, waitMs }: Allowance): void {
  const { burst, perSecond } = rates[name]
  c.header('RateLimit-Policy', `"${name}";q=${burst};w=${Math.ceil(burst / perSecond)}`)
  c.header('RateLimit', `"${name}";r=${left};t=${Math.ceil(waitMs / 1_000)}`)
}

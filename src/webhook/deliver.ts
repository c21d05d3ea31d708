import { messageOf as reasonOf } from '../errors.ts'
import type { Log } from '../log.ts'
import { type Clock, plus, type Random, SECOND_MS } from '../market/time.ts'
import type { Task } from '../ports/queue.ts'
import type { Stores } from '../ports/stores.ts'
import type { Attempt, DueDelivery, Verdict } from '../ports/webhooks.ts'
import type { Allowed } from './address.ts'
import { messageOf } from './message.ts'
import type { Post } from './post.ts'
import { signatureHeaders } from './signature.ts'
import { destination, type Resolve, readTarget } from './target.ts'
import type { Vault } from './vault.ts'
import { type Answer, isDelivered, retryAfterMs, verdictOf } from './verdict.ts'

export interface DeliverDeps {
  readonly stores: Pick<Stores, 'webhooks' | 'queue'>
  readonly vault: Vault
  readonly post: Post
  readonly resolve: Resolve
  readonly allowed: Allowed
  readonly machine: Clock
  readonly random: Random
  readonly userAgent: string
  /** The waits after each try, in milliseconds; those of the specification unless told otherwise. */
  readonly waits?: readonly number[]
  readonly log: Log
}

export const DELIVER = 'deliver-webhooks'

/** An endpoint with a long backlog gives way to the others now and then. */
const TURN_MS = 10 * SECOND_MS
/** What is under way when the service stops has so long to end: cut off, it would be sent again. */
const STOP_GRACE_MS = SECOND_MS

/** Adds the job that delivers to an endpoint, as soon as something is due. The endpoint's own line keeps it alone. */
export async function enqueue({ webhooks, queue }: DeliverDeps['stores'], endpoint: string): Promise<void> {
  const at = await webhooks.dueAt(endpoint)
  if (at === null) return
  const key = `${DELIVER}:${endpoint}`
  await queue.add(DELIVER, { endpoint }, key, { line: key, at })
}

/** The queue's task: sends to one endpoint, in order, what is due. Ends before a delivery that has to wait. */
export const deliverAll =
  (deps: DeliverDeps): Task =>
  async (payload, signal) => {
    const endpoint = String(payload.endpoint)
    const until = plus(deps.machine.now(), TURN_MS)
    while (!signal.aborted && deps.machine.now() < until) {
      const due = await deps.stores.webhooks.next(endpoint, deps.machine.now())
      if (due === null || !(await deliver(deps, due, signal))) break
    }
    await enqueue(deps.stores, endpoint)
  }

/** One attempt, kept as soon as its outcome is known. False when it was cut off: then nobody knows the outcome. */
async function deliver(deps: DeliverDeps, due: DueDelivery, signal: AbortSignal): Promise<boolean> {
  const at = deps.machine.now()
  const sent = await send(deps, due, signal)
  if (sent === null) return false
  const { answer, done } = sent
  const now = deps.machine.now()
  const verdict = verdictOf(answer, due.tries, now, deps.random, deps.waits)
  const attempt = { at, durationMs: now - at, response: answer.response, error: answer.error }
  await deps.stores.webhooks.settle(due, attempt, verdict)
  tell(deps, due, attempt, verdict)
  await done
  return true
}

interface Sent {
  readonly answer: Answer
  readonly done: Promise<void>
}

/** Null when it was cut off by the end of the service. */
async function send(deps: DeliverDeps, due: DueDelivery, signal: AbortSignal): Promise<Sent | null> {
  if (signal.aborted) return null
  const cut = new AbortController()
  const stop = () => deps.machine.after(STOP_GRACE_MS, () => cut.abort())
  let disarm = () => {}
  const stopping = () => {
    disarm = stop()
  }
  signal.addEventListener('abort', stopping, { once: true })
  try {
    return await attempted(deps, due, cut.signal)
  } catch (error) {
    return cut.signal.aborted ? null : { answer: failure(reasonOf(error)), done: Promise.resolve() }
  } finally {
    signal.removeEventListener('abort', stopping)
    disarm()
  }
}

/** The address is checked anew at each attempt, and the one that was checked is dialled. */
async function attempted(deps: DeliverDeps, due: DueDelivery, signal: AbortSignal): Promise<Sent> {
  const { allowed, resolve, machine, post } = deps
  const url = readTarget(due.url, allowed)
  if (!url.ok) throw new Error(`the URL ${url.reason}`)
  const addresses = await destination(url.value, allowed, resolve)
  if (!addresses.ok) throw new Error(addresses.reason)
  const body = messageOf(due)
  const headers = {
    ...signed(deps, due, body),
    'content-type': 'application/json',
    'user-agent': deps.userAgent,
  }
  const reception = await post({ url: url.value, addresses: addresses.value, headers, body }, signal)
  const { response, retryAfter, done } = reception
  const answer = { response, error: null, retryAfterMs: retryAfterMs(retryAfter, machine.now()) }
  return { answer: isDelivered(answer) ? answer : { ...answer, error: `it answered ${response}` }, done }
}

function signed({ vault, machine }: DeliverDeps, due: DueDelivery, body: string) {
  const open = (secret: Uint8Array) => vault.open(due.delivery.endpointId, secret)
  const secrets = [due.secret, ...(due.previousSecret === null ? [] : [due.previousSecret])].map(open)
  const timestamp = Math.floor(machine.now() / SECOND_MS)
  return signatureHeaders({ id: due.event.id, timestamp, body }, secrets)
}

const failure = (error: string): Answer => ({ response: null, error, retryAfterMs: null })

function tell({ log }: DeliverDeps, due: DueDelivery, attempt: Attempt, verdict: Verdict): void {
  const { id, endpointId, type, sequence } = due.delivery
  const fields = { endpoint: endpointId, delivery: id, type, sequence, ...attempt }
  if (verdict.kind === 'gone' || (verdict.kind === 'exhausted' && !due.isAsked)) {
    log.warn({ ...fields, reason: verdict.reason }, 'a webhook is told no more until a person looks')
  } else log.debug(fields, verdict.kind === 'delivered' ? 'webhook delivered' : 'webhook not delivered')
}

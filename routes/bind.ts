import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Asked, Operation } from '../openapi/operation.ts'
import type { Clock } from '../src/market/time.ts'
import { acceptRequest } from './accept.ts'
import { bearerOf } from './access.ts'
import type { Admission } from './admission.ts'
import { audited, type Command, hashOf, toldOf } from './commands.ts'
import type { AppDeps } from './deps.ts'
import type { App, AppContext, Env } from './env.ts'
import { isHeavy } from './heavy.ts'
import type { IdempotentReplies, KeyedCommand } from './idempotency.ts'
import { HttpProblem } from './problem.ts'
import { replyOf, send, sendReply } from './reply.ts'
import { reportFailure } from './report.ts'
import type { Outcome, Route } from './route.ts'
import { hashed } from './uploads.ts'

export interface Binding {
  readonly app: App
  readonly deps: AppDeps
  readonly admission: Admission
  readonly replies: IdempotentReplies
}

/** Serves a route: who asks is let in, what is asked is read, a command is told to the audit log. */
export function bind({ app, deps, admission, replies }: Binding, { operation, handle }: Route): void {
  const path = operation.path.replace(/\{(\w+)\}/g, ':$1')
  const admit: MiddlewareHandler<Env> = async (c, next) => {
    c.set('operation', operation)
    await admission.admit(c, operation)
    await next()
  }
  const limit = limitOf(operation)
  const answer = (c: AppContext, outcome: Outcome) =>
    send(c, operation, outcome, (error) => cut(c, deps, error))
  app.on(operation.method.toUpperCase(), path, admit, limit, async (c) => {
    const bytes = operation.upload === null ? await bytesOf(c, deps.machine) : new Uint8Array()
    const asked = acceptRequest(operation, c, bytes)
    if (isHeavy(operation, asked)) admission.admitHeavy(c)
    if (operation.method === 'get')
      return answer(c, await admission.answering(operation, async () => handle(asked)))
    const { command, noted } = commandOf(c, operation, asked, bytes)
    const keyed = keyedOf(c, command, bytes)
    if (keyed === null) return answer(c, await audited(deps, command, () => handle(noted)))
    const work = async (subject: string) => replyOf(await handle({ ...noted, subject }))
    return sendReply(c, await replies.reply(keyed, work))
  })
}

/** Of a question no body is read, and looking whether it has one is dear. */
function limitOf({ method, upload, bodyBytes: maxSize }: Operation): MiddlewareHandler<Env> {
  if (upload !== null) return letPass
  if (method === 'get') return (_, next) => next()
  const onError = () => {
    throw new HttpProblem(413, `A body may have ${maxSize} bytes here.`)
  }
  return bodyLimit({ maxSize, onError })
}

/** An upload may be long, and its work too: nothing moves on the connection meanwhile. */
const letPass: MiddlewareHandler<Env> = (c, next) => {
  c.env?.incoming?.socket.setTimeout(UPLOAD_MS)
  return next()
}

const UPLOAD_MS = 15 * 60_000

/** What is not an upload is small: a client that takes longer to send it only holds a connection. */
const BODY_MS = 15_000

async function bytesOf({ req, env }: AppContext, machine: Clock): Promise<Uint8Array> {
  if (req.method === 'GET' || req.method === 'HEAD') return new Uint8Array()
  const disarm = machine.after(BODY_MS, () => env?.incoming?.destroy())
  return new Uint8Array(await req.arrayBuffer().finally(disarm))
}

interface Noted {
  readonly command: Command
  /** What was asked, its upload hashed as it passes. */
  readonly noted: Asked<Operation>
}

function commandOf(c: AppContext, operation: Operation, asked: Asked<Operation>, bytes: Uint8Array): Noted {
  const shared = { operation, told: toldOf(c) }
  if (operation.upload === null) {
    return { command: { ...shared, bodyHash: () => hashOf(bytes) }, noted: asked }
  }
  const { through, hash } = hashed(asked.upload as unknown as AsyncIterable<Uint8Array>)
  const noted = { ...asked, upload: through } as unknown as Asked<Operation>
  return { command: { ...shared, bodyHash: hash }, noted }
}

/** Null where no key is taken, or none was sent. */
function keyedOf({ req }: AppContext, command: Command, bytes: Uint8Array): KeyedCommand | null {
  const { idempotent, secretAnswer } = command.operation
  const key = idempotent ? req.header('idempotency-key') : undefined
  if (key === undefined) return null
  const bodyHash = hashOf(bytes)
  const sealedUnder = secretAnswer ? bearerOf(req) : null
  return { ...command, route: `${req.method} ${req.path}`, key, sealedUnder, bodyHash: () => bodyHash }
}

/** Ends an answer that has begun in a way that nobody takes for its end. */
function cut(c: AppContext, deps: AppDeps, error: unknown): void {
  reportFailure(c, deps, error)
  if (c.env?.outgoing === undefined) throw error
  c.env.outgoing.destroy()
}

import { AppError, messageOf } from '../errors.ts'
import type { Client } from './client.ts'
import { handlerOf } from './dispatch.ts'
import { encode, FieldReader, type Message } from './fields.ts'
import { FrameReader } from './frame.ts'
import { GREETING, negotiate } from './handshake.ts'
import type { Refusal } from './history/plan.ts'
import { MESSAGES_PER_SECOND, MessageRate } from './messageRate.ts'
import { error, NO_ID, serverHello } from './messages.ts'
import type { Tws } from './tws.ts'
import { zonedTime } from './wireTime.ts'

/** Whatever carries the bytes of one client. */
export interface Wire {
  write(bytes: Buffer): void
  /** Closes once everything written has left. */
  end(): void
}

/** `greeting` before `API\0` · `offer` before the versions · `open` before startApi and after · `ended`. */
type Stage = 'greeting' | 'offer' | 'open' | 'ended'

/** One client: bytes in, bytes out. A fault of the client, or of ours in serving it, ends this connection alone. */
export class Connection implements Client {
  readonly queries = new Map<number, AbortController>()
  version = 0
  id: number | null = null
  readonly #tws: Tws
  readonly #wire: Wire
  readonly #frames = new FrameReader()
  readonly #rate = new MessageRate()
  #stage: Stage = 'greeting'
  #greeting = Buffer.alloc(0)

  constructor(tws: Tws, wire: Wire) {
    this.#tws = tws
    this.#wire = wire
  }

  /** Takes the next bytes of the stream. Never throws. */
  receive(chunk: Buffer): void {
    if (this.#stage === 'ended') return
    try {
      const framed = this.#stage === 'greeting' ? this.#greet(chunk) : chunk
      for (const body of framed.length > 0 ? this.#frames.push(framed) : []) this.#take(body)
    } catch (fault) {
      this.fail(fault)
    }
  }

  /** The other side is gone. */
  closed(): void {
    this.#stage = 'ended'
    if (this.id !== null && this.#tws.clients.get(this.id) === this) this.#tws.clients.delete(this.id)
    for (const query of this.queries.values()) query.abort()
    this.queries.clear()
  }

  start(id: number): void {
    this.id = id
    this.#tws.clients.set(id, this)
  }

  send(message: Message): void {
    if (this.#stage !== 'ended') this.#wire.write(encode(message))
  }

  refuse(id: number, { code, text }: Pick<Refusal, 'code' | 'text'>): void {
    this.send(error(id, code, text))
  }

  end(reason: string): void {
    if (this.#stage === 'ended') return
    this.#tws.log.info({ clientId: this.id, reason }, 'closed a connection')
    this.closed()
    this.#wire.end()
  }

  /** Ends the connection over something thrown: the client's fault is told to it, a defect of ours to the log. */
  fail(fault: unknown): void {
    if (!(fault instanceof AppError)) this.#tws.log.error({ err: fault }, 'a request failed')
    if (this.#stage === 'open')
      this.refuse(NO_ID, { code: 320, text: `Error reading request: ${messageOf(fault)}` })
    this.end(messageOf(fault))
  }

  /** What is left of the bytes once `API\0` has been read off. */
  #greet(chunk: Buffer): Buffer {
    this.#greeting = Buffer.concat([this.#greeting, chunk])
    const seen = this.#greeting.subarray(0, GREETING.length)
    if (!seen.equals(GREETING.subarray(0, seen.length))) this.end('no API client')
    else if (seen.length === GREETING.length) this.#stage = 'offer'
    return this.#stage === 'offer' ? this.#greeting.subarray(GREETING.length) : Buffer.alloc(0)
  }

  #take(body: Buffer): void {
    if (this.#stage === 'offer') this.#negotiate(body.toString('latin1'))
    else if (this.#stage === 'open' && this.#isAdmitted()) this.#handle(new FieldReader(body))
  }

  #negotiate(offer: string): void {
    const version = negotiate(offer)
    if (version === null) this.end(`no common version in ${JSON.stringify(offer.slice(0, 40))}`)
    else this.#open(version)
  }

  #open(version: number): void {
    this.version = version
    this.#stage = 'open'
    this.send(serverHello(version, zonedTime(this.#tws.now())))
  }

  #isAdmitted(): boolean {
    this.#tws.messages++
    if (this.#tws.switches.messageRate === 'off') return true
    const verdict = this.#rate.admit(this.#tws.machine.now())
    if (verdict === 'warn' || verdict === 'close') this.#warn()
    if (verdict === 'close') this.end('too many messages')
    return verdict === 'pass'
  }

  #warn(): void {
    const limits = `max=${MESSAGES_PER_SECOND} rec=${MESSAGES_PER_SECOND + 1}`
    this.refuse(NO_ID, { code: 100, text: `Max rate of messages per second has been exceeded:${limits}` })
    this.#tws.violated('messages', this, limits)
  }

  #handle(fields: FieldReader): void {
    const messageId = fields.integer()
    const handler = handlerOf(messageId, this.id !== null)
    const answering = handler?.(fields, { client: this, tws: this.#tws })
    if (handler === undefined)
      this.refuse(NO_ID, { code: 320, text: `Error reading request: unknown message ${messageId}` })
    answering?.catch((fault: unknown) => this.fail(fault))
  }
}

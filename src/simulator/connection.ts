import { AppError, messageOf } from '../errors.ts'
import type { Client, ClientCounts } from './client.ts'
import { ClientStream } from './clientStream.ts'
import { handlerOf } from './dispatch.ts'
import { type FaultyLine, fieldsOf } from './faults/line.ts'
import { encode, FieldReader, type Message } from './fields.ts'
import { negotiate } from './handshake.ts'
import type { Refusal } from './history/plan.ts'
import { MESSAGES_PER_SECOND, MessageRate } from './messageRate.ts'
import { error, NO_ID, serverHello } from './messages/session.ts'
import { Subscriptions } from './subscriptions.ts'
import type { DataType } from './ticks/entitlement.ts'
import type { Tws } from './tws.ts'
import { zonedTime } from './wireTime.ts'

/** Whatever carries the bytes of one client. */
export interface Wire {
  write(bytes: Buffer): void
  /** Closes once everything written has left. */
  end(): void
  /** Breaks the connection (RST). */
  reset(): void
}

/** `offer` before the versions · `open` before startApi and after · `ended`. */
type Stage = 'offer' | 'open' | 'ended'

/** One client: bytes in, bytes out. A fault of the client, or of ours in serving it, ends this connection alone. */
export class Connection implements Client {
  readonly queries = new Map<number, AbortController>()
  readonly subscriptions = new Subscriptions()
  readonly counts: ClientCounts = { messages: 0, historical: 0, violations: 0 }
  marketDataType: DataType = 1
  version = 0
  id: number | null = null
  readonly #tws: Tws
  readonly #line: FaultyLine
  readonly #stream = new ClientStream()
  readonly #rate = new MessageRate()
  /** Its place in a transcript. */
  readonly #number: number
  #stage: Stage = 'offer'

  constructor(tws: Tws, wire: Wire) {
    this.#tws = tws
    this.#number = tws.recorder.open()
    this.#line = tws.faults.line(this, wire)
    this.#line.came()
  }

  /** Takes the next bytes of the stream. Never throws. */
  receive(chunk: Buffer): void {
    if (this.#stage === 'ended' || this.#line.isHeld(chunk, (held) => this.receive(held))) return
    try {
      for (const body of this.#stream.push(chunk)) this.#take(body)
    } catch (fault) {
      this.fail(fault)
    }
  }

  /** The other side is gone; `isBroken` when it did not say so. */
  closed(isBroken = false): void {
    this.#stop()
    this.#line.closed(isBroken)
  }

  #stop(): void {
    this.#stage = 'ended'
    if (this.id !== null && this.#tws.clients.get(this.id) === this) this.#tws.clients.delete(this.id)
    for (const query of this.queries.values()) query.abort()
    this.queries.clear()
    this.subscriptions.stopAll()
  }

  start(id: number): void {
    this.id = id
    this.#tws.clients.set(id, this)
  }

  send(message: Message): void {
    if (this.#stage === 'ended') return
    const bytes = encode(message)
    this.#tws.recorder.note(this.#number, 'server', () => fieldsOf(bytes))
    this.#line.write(bytes)
  }

  refuse(id: number, { code, text }: Pick<Refusal, 'code' | 'text'>): void {
    this.send(error(id, code, text))
  }

  end(reason: string): void {
    if (this.#stage === 'ended') return
    this.#tws.log.info({ clientId: this.id, reason }, 'closed a connection')
    this.#tws.recorder.note(this.#number, 'server', () => [])
    this.#stop()
    this.#line.end()
  }

  /** Ends the connection over something thrown: the client's fault is told to it, a defect of ours to the log. */
  fail(fault: unknown): void {
    if (!(fault instanceof AppError)) this.#tws.log.error({ err: fault }, 'a request failed')
    if (this.#stage === 'open')
      this.refuse(NO_ID, { code: 320, text: `Error reading request: ${messageOf(fault)}` })
    this.end(messageOf(fault))
  }

  #take(body: Buffer): void {
    if (this.#stage === 'ended') return
    const fields = new FieldReader(body)
    this.#tws.recorder.note(this.#number, 'client', () => fields.all)
    if (this.#stage === 'offer') this.#negotiate(body.toString('latin1'))
    else if (this.#isAdmitted()) this.#hear(fields)
  }

  #negotiate(offer: string): void {
    const version = negotiate(offer, this.#tws.switches.maxVersion)
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
    this.counts.messages++
    const { messageRate, rateWarnings } = this.#tws.switches
    if (messageRate === 'off') return true
    const verdict = this.#rate.admit(this.#tws.machine.now(), rateWarnings)
    if (verdict === 'warn' || verdict === 'close') this.#warn()
    if (verdict === 'close') this.end('too many messages')
    return verdict === 'pass'
  }

  #warn(): void {
    const limits = `max=${MESSAGES_PER_SECOND} rec=${MESSAGES_PER_SECOND + 1}`
    this.refuse(NO_ID, { code: 100, text: `Max rate of messages per second has been exceeded:${limits}` })
    this.#tws.violated('messages', this, limits)
  }

  #hear(fields: FieldReader): void {
    if (this.#line.hears(fields.all)) this.#handle(fields)
  }

  #handle(fields: FieldReader): void {
    const messageId = fields.integer()
    this.#tws.floor.settle()
    const handler = handlerOf(messageId, this.id !== null)
    const answering = handler?.(fields, { client: this, tws: this.#tws })
    if (handler === undefined)
      this.refuse(NO_ID, { code: 320, text: `Error reading request: unknown message ${messageId}` })
    answering?.catch((fault: unknown) => this.fail(fault))
  }
}

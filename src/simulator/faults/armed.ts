import { type EpochMs, plus } from '../../market/time.ts'
import type { Fault, Outgoing, Scene, Spoken } from './fault.ts'
import { answerOf, connectionOf, type Happening, requestOf } from './happening.ts'
import type { FaultyLine } from './line.ts'
import { Aimed, beginOf, type Trigger } from './trigger.ts'

/** A fault that waits for its time, is on, or has been. */
export class ArmedFault {
  readonly fault: Fault
  readonly #trigger: Trigger
  readonly #scene: Scene
  readonly #aim: Aimed
  readonly #begin: EpochMs
  readonly #over = new AbortController()
  #isCast = false

  constructor(fault: Fault, trigger: Trigger, scene: Scene) {
    const now = scene.tws.now()
    this.fault = fault
    this.#trigger = trigger
    this.#scene = scene
    // What a happening sets off lasts from there: it may happen at any time.
    const aim = this.#isSetOff ? { ...trigger, lastsMs: null } : trigger
    this.#aim = new Aimed(aim, now, scene.random)
    this.#begin = beginOf(trigger, now)
  }

  /** How often it has struck. */
  get strikes(): number {
    return this.#aim.count
  }

  /** Whether it is on now. */
  get isOn(): boolean {
    return this.fault.kind === 'spell' ? this.#isCast : this.#aim.isOn(this.#scene.tws.now())
  }

  /** Begins to wait for its time. A spell that a happening sets off waits for that. */
  start(): void {
    if (this.fault.kind === 'spell' && !this.#isSetOff) this.#follow(this.#castAtItsTimes())
  }

  /** Ends it for good. */
  stop(): void {
    this.#over.abort(new Error('the fault was taken away'))
    this.#lift()
  }

  meet(line: FaultyLine): void {
    const { fault } = this
    if (fault.kind === 'strike' && fault.meet && this.#hits(connectionOf(line))) fault.meet(line, this.#scene)
  }

  /** False when the request must not be served. */
  hear(request: Spoken): boolean {
    const { fault } = this
    this.#setOffBy(requestOf(request))
    if (!fault.hear || !this.#concerns(request, requestOf(request))) return true
    return fault.hear(request, this.#scene)
  }

  say(message: Spoken, bytes: Buffer): readonly Outgoing[] | null {
    const { fault } = this
    this.#setOffBy(answerOf(message))
    return fault.say && this.#concerns(message, answerOf(message))
      ? fault.say(message, bytes, this.#scene)
      : null
  }

  carry(message: Spoken, bytes: Buffer): readonly Outgoing[] | null {
    const { fault } = this
    if (fault.kind !== 'strike' || !fault.carry || !this.#hits(answerOf(message))) return null
    return fault.carry(message, bytes, this.#scene)
  }

  #concerns({ about }: Spoken, happening: Happening): boolean {
    const { fault } = this
    if (fault.of && !fault.of.includes(about.name)) return false
    return fault.kind === 'spell' ? this.#isCast : this.#hits(happening)
  }

  #hits(happening: Happening): boolean {
    return this.#aim.hits(happening, this.#scene.tws.now())
  }

  /** Whether it is a spell that a request or a message sets off. */
  get #isSetOff(): boolean {
    const { client: _, ...aims } = this.#trigger.on
    return this.fault.kind === 'spell' && Object.values(aims).some((aim) => aim !== undefined)
  }

  /** Requests set off what names no message, messages what names one. */
  #setOffBy(happening: Happening): void {
    const isOfItsSort = (this.#trigger.on.message === undefined) === (happening.message === null)
    if (this.#isSetOff && isOfItsSort && this.#hits(happening)) this.#cast()
  }

  async #castAtItsTimes(): Promise<void> {
    const { everyMs, lastsMs } = this.#trigger
    const { clock } = this.#scene.tws
    for (let at = this.#begin; ; at = plus(at, everyMs)) {
      await clock.sleepUntil(at, this.#over.signal)
      if (this.#aim.strike()) this.#begun()
      if (lastsMs !== null) await clock.sleepUntil(plus(at, lastsMs), this.#over.signal)
      if (lastsMs !== null) this.#lift()
      if (everyMs === null) return
    }
  }

  /** Set off by a happening: it lasts from now. */
  #cast(): void {
    const { lastsMs } = this.#trigger
    if (this.#isCast) return
    this.#begun()
    if (lastsMs !== null)
      this.#follow(this.#scene.tws.clock.sleep(lastsMs, this.#over.signal).then(() => this.#lift()))
  }

  #begun(): void {
    const { fault } = this
    if (fault.kind !== 'spell') return
    this.#isCast = fault.end !== undefined || fault.say !== undefined || fault.hear !== undefined
    fault.begin(this.#scene)
  }

  #lift(): void {
    if (this.fault.kind === 'spell' && this.#isCast) this.fault.end?.(this.#scene)
    this.#isCast = false
  }

  #follow(waiting: Promise<void>): void {
    waiting.catch((fault: unknown) => {
      if (!this.#over.signal.aborted) this.#scene.tws.log.error({ err: fault }, 'a fault failed')
    })
  }
}

import { type Clock, type EpochMs, epochMs, later, plus } from '../../market/time.ts'
import type { Wire } from '../connection.ts'
import type { Outgoing } from './fault.ts'

interface Due {
  readonly bytes: Buffer
  readonly at: EpochMs
}

/** Writes pieces in their order, none before its time. What has no delay, and nothing to wait for, does not wait. */
export class PacedWriter {
  readonly #clock: Clock
  readonly #wire: Pick<Wire, 'write' | 'end'>
  #waiting: Due[] = []
  #waitingBytes = 0
  #lastAt = epochMs(0)
  #disarm: (() => void) | null = null
  #isHeld = false
  #isEnding = false

  constructor(clock: Clock, wire: Pick<Wire, 'write' | 'end'>) {
    this.#clock = clock
    this.#wire = wire
  }

  get waitingBytes(): number {
    return this.#waitingBytes
  }

  write(piece: Outgoing): void {
    const mayPass = piece.delayMs === 0 && this.#waiting.length === 0 && !this.#isHeld
    if (mayPass) this.#wire.write(piece.bytes)
    else this.#wait(piece)
  }

  #wait({ bytes, delayMs }: Outgoing): void {
    this.#lastAt = later(this.#lastAt, plus(this.#clock.now(), Math.ceil(delayMs)))
    this.#waiting.push({ bytes, at: this.#lastAt })
    this.#waitingBytes += bytes.length
    this.#next()
  }

  /** Ends the wire behind everything that waits. */
  end(): void {
    this.#isEnding = true
    this.#next()
  }

  /** Forgets what waits. */
  drop(): void {
    this.#waiting = []
    this.#waitingBytes = 0
    this.#disarm?.()
    this.#disarm = null
  }

  hold(): void {
    this.#isHeld = true
  }

  release(): void {
    this.#isHeld = false
    this.#next()
  }

  /** Holds everything for a while, then writes it as one piece. */
  gather(delayMs: number): void {
    if (this.#isHeld) return
    this.#isHeld = true
    this.#clock.after(delayMs, () => {
      const bytes = Buffer.concat(this.#waiting.map((due) => due.bytes))
      this.#waiting = bytes.length > 0 ? [{ bytes, at: this.#clock.now() }] : []
      this.release()
    })
  }

  #next(): void {
    if (this.#disarm !== null || this.#isHeld) return
    const now = this.#clock.now()
    while (this.#waiting.length > 0 && this.#waiting[0]!.at <= now) this.#write(this.#waiting.shift()!.bytes)
    if (this.#waiting.length > 0) this.#awake(this.#waiting[0]!.at - now)
    else if (this.#isEnding) this.#wire.end()
  }

  #write(bytes: Buffer): void {
    this.#waitingBytes -= bytes.length
    this.#wire.write(bytes)
  }

  #awake(delayMs: number): void {
    this.#disarm = this.#clock.after(delayMs, () => {
      this.#disarm = null
      this.#next()
    })
  }
}

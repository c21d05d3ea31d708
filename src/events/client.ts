import { type Clock, SECOND_MS } from '../market/time.ts'
import type { EventStream, StreamRequest } from '../ports/eventStreams.ts'
import { dropped, type Frame, heartbeat, opening, reset } from './frame.ts'

/** What may wait for one client. The frames themselves are shared, so these bound the delay more than the memory. */
const MOST_FRAMES = 256
const MOST_BYTES = 1_048_576
/** Handed to the socket at once: what a stalled client holds of ours. */
const CHUNK_CHARACTERS = 16 * 1_024
const HEARTBEAT_MS = 15 * SECOND_MS
/** A client that was dropped has so long to take the last frame. */
const GRACE_MS = 10 * SECOND_MS

/** What a client asks of the one that reads for all. */
export interface Source {
  /** The newest sequence that everybody listening has been handed. */
  readonly position: number
  /** Frames after a sequence, so many at most. */
  read(after: number): Promise<Frame[]>
  /** The bytes of frames, shared with whoever else is sent the same ones: not to be changed. */
  bytesOf(frames: readonly Frame[]): Uint8Array
  left(client: Client): void
}

/** One who listens: first caught up from the outbox, at its own pace, then handed what is new. */
export class Client implements EventStream, AsyncIterator<Uint8Array> {
  readonly #source: Source
  readonly #machine: Clock
  readonly #types: StreamRequest['types']
  readonly #givenUp = new AbortController()
  /** Everything up to here was handed out or is none of its types. */
  #place: number
  #first: string | null
  #waiting: Frame[] = []
  #bytes = 0
  #state: 'behind' | 'live' | 'dropped' | 'ended' = 'behind'
  #wake: () => void = () => {}
  #disarm: () => void = () => {}

  constructor(source: Source, machine: Clock, { after, types }: StreamRequest, latest: number) {
    const isKnown = after !== null && after <= latest
    this.#source = source
    this.#machine = machine
    this.#types = types
    this.#place = isKnown ? after : latest
    this.#first = opening(this.#place) + (after === null || isKnown ? '' : reset(latest))
  }

  get frames(): AsyncIterable<Uint8Array> {
    return { [Symbol.asyncIterator]: () => this }
  }

  get givenUp(): AbortSignal {
    return this.#givenUp.signal
  }

  /** Hands it a new event. Whoever is still being caught up finds it in the outbox. */
  offer(frame: Frame): void {
    if (this.#state !== 'live' || !this.#wants(frame)) return
    this.#bytes += frame.text.length
    this.#waiting.push(frame)
    if (this.#waiting.length > MOST_FRAMES || this.#bytes > MOST_BYTES) this.#drop()
    this.#wake()
  }

  /** Ends the stream, with what waits left unsaid. */
  end(): void {
    this.#leave('ended')
    this.#disarm()
    this.#wake()
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    try {
      const next = await this.#next()
      return next === null ? { done: true, value: undefined } : { done: false, value: bytesOf(next) }
    } catch (error) {
      this.end()
      throw error
    }
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.end()
    return { done: true, value: undefined }
  }

  /** Null at the end. */
  async #next(): Promise<string | Uint8Array | null> {
    for (;;) {
      const ready = this.#ready()
      if (ready !== null || this.#state === 'ended') return ready
      if (this.#state === 'behind') await this.#catchUp()
      else if (await this.#isQuiet()) return heartbeat(this.#advanced())
    }
  }

  /** What is ready to be sent. The last of a client that was dropped ends it. */
  #ready(): string | Uint8Array | null {
    if (this.#state === 'ended') return null
    const first = this.#first
    this.#first = null
    if (first !== null) return first
    if (this.#state !== 'dropped') return this.#chunk()
    this.end()
    return dropped(this.#place)
  }

  #chunk(): Uint8Array | null {
    const frames: Frame[] = []
    let characters = 0
    while (this.#waiting[0] !== undefined && characters < CHUNK_CHARACTERS) {
      const frame = this.#waiting.shift()!
      this.#place = frame.sequence
      characters += frame.text.length
      frames.push(frame)
    }
    this.#bytes -= characters
    return frames.length === 0 ? null : this.#source.bytesOf(frames)
  }

  /** Live from the moment at which nothing lies between its place and what is handed to everybody. */
  async #catchUp(): Promise<void> {
    if (this.#place >= this.#source.position) {
      this.#state = 'live'
      return
    }
    const frames = await this.#source.read(this.#place)
    if (this.#state !== 'behind') return
    this.#waiting = frames.filter((frame) => this.#wants(frame))
    this.#bytes = this.#waiting.reduce((bytes, { text }) => bytes + text.length, 0)
    if (this.#waiting.length === 0) this.#place = frames.at(-1)?.sequence ?? this.#place
  }

  #wants({ type, sequence }: Frame): boolean {
    return sequence > this.#place && (this.#types === null || this.#types.includes(type))
  }

  /** Waits for something to say; true when nothing came for the time of a heartbeat. */
  #isQuiet(): Promise<boolean> {
    return new Promise((resolve) => {
      const disarm = this.#machine.after(HEARTBEAT_MS, () => resolve(true))
      this.#wake = () => {
        disarm()
        resolve(false)
      }
    })
  }

  /** Nothing waits, so what was handed to everybody is behind this client too. */
  #advanced(): number {
    this.#place = Math.max(this.#place, this.#source.position)
    return this.#place
  }

  #drop(): void {
    this.#leave('dropped')
    this.#disarm = this.#machine.after(GRACE_MS, () => this.#givenUp.abort())
  }

  #leave(state: 'dropped' | 'ended'): void {
    this.#state = state
    this.#waiting = []
    this.#bytes = 0
    this.#source.left(this)
  }
}

const bytesOf = (next: string | Uint8Array): Uint8Array =>
  typeof next === 'string' ? Buffer.from(next) : next

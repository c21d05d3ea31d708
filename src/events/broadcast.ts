import { messageOf, throttled } from '../errors.ts'
import type { Log } from '../log.ts'
import { type Clock, SECOND_MS } from '../market/time.ts'
import type { EventBell, EventStream, EventStreams, StreamRequest } from '../ports/eventStreams.ts'
import type { EventStore } from '../ports/events.ts'
import { Client, type Source } from './client.ts'
import { type Frame, frameOf } from './frame.ts'

export interface BroadcastDeps {
  readonly events: Pick<EventStore, 'after' | 'latest'>
  readonly bell: EventBell
  readonly machine: Clock
  readonly log: Log
}

const MOST_CLIENTS = 256
/** Read at once for everybody, and for one who is caught up. */
const PAGE = 100
/** The bell may miss a ring. */
const LOOK_EVERY_MS = SECOND_MS

/** Reads the outbox once for all who listen here, and only while somebody does. */
export class Broadcast implements EventStreams, Source {
  readonly #deps: BroadcastDeps
  readonly #clients = new Set<Client>()
  #position = 0
  #newest: { readonly name: string; readonly bytes: Uint8Array } = { name: '', bytes: Buffer.alloc(0) }
  #stop: (() => void) | null = null
  #isClosed = false

  constructor(deps: BroadcastDeps) {
    this.#deps = deps
  }

  get position(): number {
    return this.#position
  }

  async open(request: StreamRequest): Promise<EventStream> {
    const latest = await this.#deps.events.latest()
    if (this.#clients.size >= MOST_CLIENTS) throw throttled(`${MOST_CLIENTS} clients listen already`)
    if (this.#stop === null) this.#position = latest
    const client = new Client(this, this.#deps.machine, request, latest)
    if (this.#isClosed) client.end()
    else this.#clients.add(client)
    this.#stop ??= this.#follow()
    return client
  }

  async read(after: number): Promise<Frame[]> {
    return (await this.#deps.events.after(after, PAGE)).map(frameOf)
  }

  /** Most clients are sent the same frames at the same time. */
  bytesOf(frames: readonly Frame[]): Uint8Array {
    const name = frames.map(({ sequence }) => sequence).join()
    if (this.#newest.name !== name)
      this.#newest = { name, bytes: Buffer.from(frames.map(({ text }) => text).join('')) }
    return this.#newest.bytes
  }

  left(client: Client): void {
    this.#clients.delete(client)
    if (this.#clients.size === 0) this.#rest()
  }

  /** Ends every stream, and takes no more. */
  close(): void {
    this.#isClosed = true
    for (const client of this.#clients) client.end()
    this.#rest()
  }

  #rest(): void {
    this.#stop?.()
    this.#stop = null
  }

  /** Hands out what is new until it is stopped. */
  #follow(): () => void {
    const { bell, machine } = this.#deps
    const stopping = new AbortController()
    let ring = (): void => {}
    const quiet = () =>
      new Promise<void>((resolve) => {
        const disarm = machine.after(LOOK_EVERY_MS, resolve)
        ring = () => {
          disarm()
          resolve()
        }
      })
    const follow = async () => {
      while (!stopping.signal.aborted) {
        const rung = quiet()
        await this.#handOut(stopping.signal)
        await rung
      }
    }
    const silence = bell.listen(() => ring())
    void follow()
    return () => {
      stopping.abort()
      silence()
      ring()
    }
  }

  async #handOut(stopped: AbortSignal): Promise<void> {
    try {
      let frames: Frame[]
      do {
        frames = await this.read(this.#position)
        if (stopped.aborted) return
        for (const frame of frames) this.#offer(frame)
      } while (frames.length === PAGE)
    } catch (error) {
      this.#deps.log.debug({ error: messageOf(error) }, 'the outbox is read again in a second')
    }
  }

  #offer(frame: Frame): void {
    this.#position = frame.sequence
    for (const client of this.#clients) client.offer(frame)
  }
}

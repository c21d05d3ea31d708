import { messageOf } from '../../errors.ts'
import { ClientStream } from '../clientStream.ts'
import type { Wire } from '../connection.ts'
import { FieldReader } from '../fields.ts'
import { frame } from '../frame.ts'
import { negotiate } from '../handshake.ts'
import type { TranscriptLine } from './transcript.ts'

/** Where a client did not do what the recorded one did. */
export interface Divergence {
  readonly connection: number
  /** The line of the transcript that the server waited for; null when it waited for nothing more. */
  readonly line: number | null
  readonly expected: readonly string[] | null
  /** What came; null when the client hung up. */
  readonly got: readonly string[] | null
}

export type OnDivergence = (divergence: Divergence) => void

/** Serves recorded sessions: the n-th client that comes is served the n-th connection. */
export class Replay {
  readonly #transcript: readonly TranscriptLine[]
  readonly #onDivergence: OnDivergence
  #opened = 0

  constructor(transcript: readonly TranscriptLine[], onDivergence: OnDivergence) {
    this.#transcript = transcript
    this.#onDivergence = onDivergence
  }

  serve(wire: Wire): ReplayedConnection {
    const connection = ++this.#opened
    const lines = this.#transcript.filter((line) => line.connection === connection)
    return new ReplayedConnection(lines, wire, (line, got) =>
      this.#onDivergence({
        connection,
        line: line?.line ?? null,
        expected: line?.fields ?? null,
        got,
      }),
    )
  }
}

/** Says what the recorded server said, each message once the client has sent all that was received before it. */
class ReplayedConnection {
  readonly #lines: readonly TranscriptLine[]
  readonly #wire: Wire
  readonly #diverged: (line: TranscriptLine | undefined, got: readonly string[] | null) => void
  readonly #stream = new ClientStream()
  readonly #heard = new Set<TranscriptLine>()
  #next = 0
  #isOver = false

  constructor(
    lines: readonly TranscriptLine[],
    wire: Wire,
    diverged: (line: TranscriptLine | undefined, got: readonly string[] | null) => void,
  ) {
    this.#lines = lines
    this.#wire = wire
    this.#diverged = diverged
  }

  /** Takes the next bytes of the client. Never throws. */
  receive(chunk: Buffer): void {
    if (this.#isOver) return
    try {
      for (const body of this.#stream.push(chunk)) this.#hear(new FieldReader(body).all)
    } catch (fault) {
      this.#diverged(this.#awaited, [messageOf(fault)])
      this.#hangUp()
    }
  }

  /** The client is gone. */
  closed(): void {
    if (!this.#isOver && this.#awaited) this.#diverged(this.#awaited, null)
    this.#isOver = true
  }

  #hear(fields: readonly string[]): void {
    const isOffer = this.#heard.size === 0
    const line = isOffer ? this.#offered(fields[0]!) : this.#recorded(fields)
    if (line) this.#heard.add(line)
    else this.#diverged(this.#awaited, fields)
    this.#answer()
  }

  /** Another offer is as good, when the recorded version can be agreed on. */
  #offered(offer: string): TranscriptLine | undefined {
    const version = Number(this.#lines.find(({ from }) => from === 'server')?.fields[0])
    return negotiate(offer, version) === version ? this.#awaited : undefined
  }

  #recorded(fields: readonly string[]): TranscriptLine | undefined {
    for (const line of this.#unheard()) if (isSame(line.fields, fields)) return line
    return undefined
  }

  /** The first line that the client has not sent yet. */
  get #awaited(): TranscriptLine | undefined {
    return this.#unheard().next().value
  }

  *#unheard(): Generator<TranscriptLine, undefined> {
    for (let i = this.#next; i < this.#lines.length; i++) {
      const line = this.#lines[i]!
      if (line.from === 'client' && !this.#heard.has(line)) yield line
    }
    return undefined
  }

  #answer(): void {
    for (let line = this.#lines[this.#next]; line !== undefined; line = this.#lines[++this.#next]) {
      if (line.from === 'client' && !this.#heard.has(line)) return
      if (line.from === 'server') this.#say(line.fields)
    }
  }

  #say(fields: readonly string[]): void {
    if (fields.length === 0) this.#hangUp()
    else this.#wire.write(frame(`${fields.join('\0')}\0`))
  }

  #hangUp(): void {
    this.#isOver = true
    this.#wire.end()
  }
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((field, i) => field === b[i])

import { connect, type Socket } from 'node:net'

export interface Answer {
  readonly status: number
  readonly body: string
}

/** The server lets go of a connection that has been idle for five seconds. */
const MOST_IDLE_MS = 4_000

/**
 * Kept connections to one server, each with one question at a time. Of HTTP as much as is needed for answers that state
 * their length: a client library would take a third of the machine that is to be measured.
 */
export class Connections {
  readonly #port: number
  readonly #idle: Connection[] = []

  constructor(url: string) {
    this.#port = Number(new URL(url).port)
  }

  /** Rejects when no answer has come in time, or none can. */
  async ask(question: string, patienceMs: number): Promise<Answer> {
    const connection = this.#taken()
    const answer = await connection.ask(question, patienceMs)
    this.#idle.push(connection)
    return answer
  }

  close(): void {
    for (const connection of this.#idle.splice(0)) connection.close()
  }

  #taken(): Connection {
    for (let kept = this.#idle.pop(); kept !== undefined; kept = this.#idle.pop()) {
      if (kept.idleMs <= MOST_IDLE_MS) return kept
      kept.close()
    }
    return new Connection(this.#port)
  }
}

type Settle = (outcome: Answer | Error) => void

class Connection {
  readonly #socket: Socket
  #received = ''
  #settle: Settle = () => {}
  #usedAt = performance.now()

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1')
    this.#socket.setNoDelay(true)
    this.#socket.setEncoding('latin1') // a character is a byte
    this.#socket.on('data', (text: string) => this.#take(text))
    this.#socket.on('error', (error) => this.#settle(error))
    this.#socket.on('close', () => this.#settle(new Error('closed')))
  }

  get idleMs(): number {
    return this.#socket.destroyed ? Number.POSITIVE_INFINITY : performance.now() - this.#usedAt
  }

  ask(question: string, patienceMs: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const giveUp = setTimeout(() => this.#break('no answer in time'), patienceMs)
      this.#settle = (outcome) => {
        clearTimeout(giveUp)
        this.#usedAt = performance.now()
        if (outcome instanceof Error) reject(outcome)
        else resolve(outcome)
      }
      this.#socket.write(question)
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #break(why: string): void {
    this.#settle(new Error(why))
    this.#socket.destroy()
  }

  #take(text: string): void {
    this.#received += text
    try {
      const answer = answerIn(this.#received)
      if (answer === null) return
      this.#received = ''
      this.#settle(answer)
      this.#settle = () => {}
    } catch (error) {
      this.#break((error as Error).message)
    }
  }
}

/** Null while it has not come whole. Throws when it is none. */
function answerIn(received: string): Answer | null {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return null
  const length = /^content-length: (\d+)/im.exec(received.slice(0, end))?.[1]
  if (length === undefined) throw new Error('an answer without a length')
  const [from, to] = [end + 4, end + 4 + Number(length)]
  if (received.length > to) throw new Error('more than an answer')
  return received.length < to
    ? null
    : { status: Number(received.slice(9, 12)), body: received.slice(from, to) }
}

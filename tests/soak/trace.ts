import { createHash } from 'node:crypto'
import type { Log } from '../../src/log.ts'
import type { Clock } from '../../src/market/time.ts'

/** Everything that happened, in order, with its virtual time, as one hash. Two runs of one seed have the same. */
export class Trace {
  readonly #hash = createHash('sha256')
  readonly #clock: Clock
  #entries = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get entries(): number {
    return this.#entries
  }

  add(kind: string, detail: string | Uint8Array): void {
    this.#entries++
    this.#hash.update(`${this.#clock.now()} ${kind} `).update(detail)
  }

  /** To be called once, at the end. */
  digest(): string {
    return this.#hash.digest('hex')
  }

  /** A log whose entries are part of the trace, and are shown to `onEntry`. */
  log(onEntry: (level: string, fields: object, message: string) => void = () => {}): Log {
    const write = (level: string) => (fields: object, message: string) => {
      this.add(level, `${message} ${JSON.stringify(fields)}`)
      onEntry(level, fields, message)
    }
    const log: Log = {
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
      child: () => log,
    }
    return log
  }
}
